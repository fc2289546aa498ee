import { defaultLimits, type Limits, locateError, TorshError } from '@torsh/bytes';
import { oxicodeReader, oxicodeWriter } from './oxicode.ts';

/** One step of a delta. */
export type DeltaOperation =
  | {
      readonly kind: 'add';
      readonly name: string;
      readonly data: Uint8Array;
      readonly metadata: { readonly [key: string]: string };
    }
  | { readonly kind: 'remove'; readonly name: string }
  /** `diff` is the whole new content, as gzip. */
  | {
      readonly kind: 'modify';
      readonly name: string;
      readonly diff: Uint8Array;
      readonly oldHash: string;
      readonly newHash: string;
    }
  | { readonly kind: 'manifest'; readonly field: string; readonly value: string };

/** A patch file of the crate: what turns one package into another. */
export interface Delta {
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly formatVersion: string;
  readonly operations: readonly DeltaOperation[];
  readonly createdAt: string;
  readonly patchSize: number;
  /** The SHA-256 of the new manifest in the crate's encoding. */
  readonly targetHash: string;
  readonly metadata: { readonly [key: string]: string };
}

/** A delta from its bytes. It has no mark by which one could know it: whoever calls this was told that it is one. */
export function parseDelta(bytes: Uint8Array, limits: Limits = defaultLimits): Delta {
  try {
    const from = oxicodeReader(bytes, limits);
    const delta: Delta = {
      fromVersion: from.text(),
      toVersion: from.text(),
      formatVersion: from.text(),
      operations: from.list(() => parseOperation(from)),
      createdAt: from.text(),
      patchSize: from.number(),
      targetHash: from.text(),
      metadata: from.texts(),
    };
    from.end();
    return delta;
  } catch (error) {
    throw locateError(error, { format: 'torshpkg' });
  }
}

function parseOperation(from: ReturnType<typeof oxicodeReader>): DeltaOperation {
  const kind = from.number();
  const name = from.text();
  switch (kind) {
    case 0:
      return { kind: 'add', name, data: from.bytes(), metadata: from.texts() };
    case 1:
      return { kind: 'remove', name };
    case 2:
      return { kind: 'modify', name, diff: from.bytes(), oldHash: from.text(), newHash: from.text() };
    case 3:
      return { kind: 'manifest', field: name, value: from.text() };
    default:
      throw new TorshError('malformed', `A delta has an operation of the kind ${kind}; there are 0 to 3.`);
  }
}

/** The bytes of a delta. */
export function formatDelta(delta: Delta): Uint8Array {
  const to = oxicodeWriter();
  for (const text of [delta.fromVersion, delta.toVersion, delta.formatVersion]) to.text(text);
  to.list(delta.operations, (operation) => {
    to.number(['add', 'remove', 'modify', 'manifest'].indexOf(operation.kind));
    to.text(operation.kind === 'manifest' ? operation.field : operation.name);
    if (operation.kind === 'add') {
      to.bytes(operation.data);
      to.texts(operation.metadata);
    } else if (operation.kind === 'modify') {
      to.bytes(operation.diff);
      to.text(operation.oldHash);
      to.text(operation.newHash);
    } else if (operation.kind === 'manifest') to.text(operation.value);
  });
  to.text(delta.createdAt);
  to.number(delta.patchSize);
  to.text(delta.targetHash);
  to.texts(delta.metadata);
  return to.finish();
}
