import { type ByteSource, slice } from '@torsh/bytes';
import { elementsOf } from '@torsh/core';
import { denseBytes, isDense, startOf, type View } from '../object/view.ts';
import { isGathered, type Spread } from './gather.ts';
import { resolve } from './resolve.ts';
import { scatter } from './scatter.ts';

/** The bytes of a storage: one source behind the other. */
export interface StorageFile {
  readonly size: number;
  readonly sources: readonly ByteSource[];
}

/** A tensor of an archive and the place in a storage that it is a look at. */
export interface Shown {
  readonly view: View;
  /** Dense, with everything done that torch had put off. */
  readonly data: ByteSource;
}

/** The bytes of a storage, from all tensors that show it: their own sources, one behind the other, where that is enough. */
export function storageBytes(size: number, shown: readonly Shown[]): StorageFile {
  return { size, sources: sourcesOf(size, shown) };
}

function sourcesOf(bytes: number, shown: readonly Shown[]): readonly ByteSource[] {
  const seen = shown.filter(({ view }) => elementsOf(view.size) > 0);
  const raw = seen.map(({ view, data }) => ({ view, data: undone(view, data) }));
  const whole = raw.find(({ view }) => isDense(view) && startOf(view) === 0 && denseBytes(view) === bytes);
  if (whole !== undefined) return [whole.data];
  const origin = raw.map((each) => originOf(bytes, each)).find((source) => source !== undefined);
  if (origin !== undefined) return [origin];
  return row(bytes, raw) ?? [scatter(bytes, raw.map(spreadOf))];
}

/** As the storage has it: conjugation and negation are flags there. */
function undone({ type, conj, neg }: View, data: ByteSource): ByteSource {
  return resolve(data, type, { swap: false, conj, neg });
}

/**
 * The storage that a tensor was gathered from, where it is the very one that is wanted and the tensor shows all of it, as
 * a transposed one does: to gather and scatter would read it many times over. Bytes that nobody shows are not copied.
 */
function originOf(bytes: number, { view, data }: Shown): ByteSource | undefined {
  if (!isGathered(data)) return undefined;
  const { source, start, itemBytes, size, stride } = data.spread;
  const same = start === startOf(view) && itemBytes === view.type.itemBytes;
  const alike = size.join() === view.size.join() && stride.join() === view.stride.join();
  return same && alike && source.size === bytes && fills(bytes, view) ? source : undefined;
}

/** True where the axes, in some order, are those of a dense tensor that is the whole storage. */
export function fills(
  bytes: number,
  { type, size, stride }: Pick<View, 'type' | 'size' | 'stride'>,
): boolean {
  const axes = size
    .map((length, axis) => ({ length, step: stride[axis]! }))
    .filter(({ length }) => length > 1);
  axes.sort((a, b) => a.step - b.step);
  let next = 1;
  for (const { length, step } of axes) {
    if (step !== next) return false;
    next *= length;
  }
  return next * type.itemBytes === bytes;
}

/** Dense tensors that do not overlap, with zeros between them. */
function row(bytes: number, shown: readonly Shown[]): ByteSource[] | undefined {
  if (!shown.every(({ view }) => isDense(view))) return undefined;
  const sorted = shown.map(({ view, data }) => ({ start: startOf(view), data }));
  sorted.sort((a, b) => a.start - b.start || b.data.size - a.data.size);
  const parts: ByteSource[] = [];
  let at = 0;
  for (const { start, data } of sorted) {
    if (start + data.size <= at) continue;
    if (start < at) return undefined;
    if (start > at) parts.push(zeros(start - at));
    parts.push(data);
    at = start + data.size;
  }
  if (at < bytes) parts.push(zeros(bytes - at));
  return parts;
}

/** So many zeros, of which no more than a block is ever there. */
function zeros(bytes: number): ByteSource {
  return slice({ size: bytes, read: async (_, length) => new Uint8Array(length) }, 0, bytes);
}

function spreadOf({ view, data }: Shown): Spread {
  const { type, size, stride } = view;
  // Packed values lie one behind the other, so they are a row of bytes.
  if (isDense(view))
    return { source: data, start: startOf(view), itemBytes: 1, size: [denseBytes(view)], stride: [1] };
  return { source: data, start: startOf(view), itemBytes: type.itemBytes, size, stride };
}
