import { type ByteSource, checkRead, type Expected, type ReadOptions, type Window } from './source.ts';
import { BLOCK } from './transfer.ts';

/** A window on a source: `length` bytes from `offset`. Nothing is copied. */
export function slice(source: ByteSource, offset: number, length: number): ByteSource {
  checkRead(source.size, offset, length);
  return {
    size: length,
    block: source.block,
    read: async (at, count, options) => {
      checkRead(length, at, count, options);
      return source.read(offset + at, count, options);
    },
    locate: async (options) => shift(await locate(source, options), offset),
  };
}

/** Where the bytes of a source lie, as deep as that is known; a source that cannot tell is its own root. */
export async function locate(source: ByteSource, options?: ReadOptions): Promise<Window> {
  return source.locate === undefined ? { root: source, offset: 0 } : source.locate(options);
}

function shift(window: Window, offset: number): Window {
  return { root: window.root, offset: window.offset + offset };
}

/** The same source, with what its bytes must be. */
export function expecting(source: ByteSource, expected: Expected): ByteSource {
  const { size, block, deflated } = source;
  return {
    size,
    block,
    deflated,
    read: (offset, length, options) => source.read(offset, length, options),
    locate: (options) => locate(source, options),
    expected: { ...source.expected, ...expected },
  };
}

/** Several sources, one behind the other, as one. */
export function concat(sources: readonly ByteSource[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const source of sources) {
    starts.push(size);
    size += source.size;
  }
  return {
    size,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      const result = new Uint8Array(length);
      for (let index = lastAtOrBefore(starts, offset); index < sources.length; index++) {
        const start = starts[index]!;
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + sources[index]!.size);
        if (start >= offset + length) break;
        if (from < to)
          result.set(await sources[index]!.read(from - start, to - from, options), from - offset);
      }
      return result;
    },
  };
}

/** The last of the sorted places that is not behind this one; the first where there is none. */
function lastAtOrBefore(places: readonly number[], place: number): number {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (places[middle]! <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Reads small things through a few pages in memory, so that 200,000 headers are not 200,000 disk reads. */
export function paged(source: ByteSource, pageSize: number = BLOCK, pages: number = 8): ByteSource {
  const kept = new Map<number, Promise<Uint8Array>>();
  const page = (index: number): Promise<Uint8Array> => {
    const held = kept.get(index);
    kept.delete(index);
    const start = index * pageSize;
    // Pages are shared by readers, so one reader's abort must not reach another: no signal here.
    const bytes =
      held ??
      source.read(start, Math.min(pageSize, source.size - start)).then((read) => new Uint8Array(read));
    kept.set(index, bytes);
    bytes.catch(() => kept.delete(index));
    for (const oldest of kept.keys()) {
      if (kept.size <= pages) break;
      kept.delete(oldest);
    }
    return bytes;
  };
  return {
    size: source.size,
    async read(offset, length, options) {
      checkRead(source.size, offset, length, options);
      const first = Math.floor(offset / pageSize);
      const last = Math.floor((offset + Math.max(length, 1) - 1) / pageSize);
      if (length > pageSize || length === 0) return source.read(offset, length, options);
      const head = await page(first);
      const from = offset - first * pageSize;
      if (first === last) return head.subarray(from, from + length);
      const joined = new Uint8Array(length);
      joined.set(head.subarray(from));
      joined.set((await page(last)).subarray(0, length - (head.length - from)), head.length - from);
      return joined;
    },
    locate: (options) => locate(source, options),
  };
}
