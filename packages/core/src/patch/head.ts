import { type Limits, TorshError } from '@torsh/bytes';
import type { Json, JsonObject } from '../archive.ts';
import { encodeJson, parseJson } from '../torsh/json.ts';

/** The names of docs/spec/torsh-patch-1.md. */
export const PATCH_INFO_PATH = 'metadata/patch.info';
/** The first entry: 49 bytes in, every patch says what it is. */
export const PATCH_INFO_TEXT = 'torsh-patch 1.0\n';
export const PATCH_HEAD_PATH = 'patch.json';
export const segmentPath = (index: number): string => `steps/${index.toString(16).padStart(8, '0')}`;

const FORMAT_VERSION = '1.0';

/** A file by its content. */
export interface Identity {
  readonly size: number;
  readonly sha256: string;
}

/** What a patch says of itself: `patch.json`. */
export interface PatchHead {
  readonly base: Identity;
  readonly target: Identity;
  /** Entries that hold steps. */
  readonly segments: number;
  readonly steps: number;
  /** Bytes of the target that are those of the base. */
  readonly copied: number;
  /** Bytes of the target that are numbers near those of the base. */
  readonly changed: number;
  /** Bytes of the target that the patch has itself. */
  readonly added: number;
}

export function encodeHead(head: PatchHead, limits: Limits): Uint8Array {
  const { base, target, segments, steps, copied, changed, added } = head;
  const value = { format_version: FORMAT_VERSION, base, target, segments, steps, copied, changed, added };
  return encodeJson(value as unknown as Json, PATCH_HEAD_PATH, limits);
}

export function parseHead(bytes: Uint8Array, limits: Limits): PatchHead {
  const value = object(parseJson(bytes, PATCH_HEAD_PATH, limits), 'it');
  const version = value.format_version;
  if (typeof version !== 'string' || !/^1\.\d+$/.test(version)) {
    const message = `This patch is of format version ${JSON.stringify(version)}; this torsh reads 1.x. Update torsh.`;
    throw new TorshError('unsupported', message, { path: PATCH_HEAD_PATH });
  }
  return {
    base: identity(value.base, 'base'),
    target: identity(value.target, 'target'),
    segments: count(value.segments, 'segments'),
    steps: count(value.steps, 'steps'),
    copied: count(value.copied, 'copied'),
    changed: count(value.changed, 'changed'),
    added: count(value.added, 'added'),
  };
}

function identity(value: Json | undefined, what: string): Identity {
  const { size, sha256 } = object(value, what);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    throw wrong(`${what}.sha256`, 'a SHA-256 in lower-case hexadecimal');
  return { size: count(size, `${what}.size`), sha256 };
}

function object(value: Json | undefined, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'an object');
  return value as JsonObject;
}

function count(value: Json | undefined, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(what, 'a whole number');
  return value;
}

function wrong(what: string, wanted: string): TorshError {
  const message = `In ${PATCH_HEAD_PATH}, ${what} is not ${wanted}.`;
  return new TorshError('malformed', message, { path: PATCH_HEAD_PATH });
}
