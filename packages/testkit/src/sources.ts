import { type ByteSource, checkRead, type FileTree, fromBytes, TorshError } from '@torsh/bytes';

/** A source that counts what is read through it. */
export interface CountingSource extends ByteSource {
  readonly reads: number;
  /** Bytes read, those read twice counted twice. */
  readonly bytes: number;
  /** Bytes of a window that were read at least once. */
  covered(offset: number, length: number): number;
}

export function countingSource(source: ByteSource): CountingSource {
  let [reads, bytes] = [0, 0];
  const seen: (readonly [start: number, end: number])[] = [];
  return {
    size: source.size,
    get reads() {
      return reads;
    },
    get bytes() {
      return bytes;
    },
    covered(offset, length) {
      let [count, position] = [0, offset];
      for (const [start, end] of [...seen].sort((a, b) => a[0] - b[0])) {
        const [from, to] = [Math.max(start, position), Math.min(end, offset + length)];
        if (from >= to) continue;
        count += to - from;
        position = to;
      }
      return count;
    },
    async read(offset, length, options) {
      reads++;
      bytes += length;
      seen.push([offset, offset + length]);
      return source.read(offset, length, options);
    },
  };
}

/** A source whose reads reject with `error` from the nth on. */
export function failingSource(source: ByteSource, error: unknown, from = 1): ByteSource {
  let reads = 0;
  return {
    size: source.size,
    async read(offset, length, options) {
      if (++reads >= from) throw error;
      return source.read(offset, length, options);
    },
  };
}

/** A source that answers some turns of the event loop later. */
export function slowSource(source: ByteSource, turns = 3): ByteSource {
  return {
    size: source.size,
    async read(offset, length, options) {
      checkRead(source.size, offset, length, options);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      return source.read(offset, length, options);
    },
  };
}

/** A source that claims more bytes than it has: a file that was cut off after its size was asked for. */
export function shrunkSource(bytes: Uint8Array, claimed: number): ByteSource {
  return {
    size: claimed,
    async read(offset, length, options) {
      checkRead(claimed, offset, length, options);
      if (offset + length > bytes.length)
        throw new TorshError('truncated', 'The file became shorter.', { offset });
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A source that spoils what it lent at the next read, as a place with one buffer would. */
export function volatileSource(source: ByteSource): ByteSource {
  let lent: Uint8Array | undefined;
  return {
    size: source.size,
    async read(offset, length, options) {
      const bytes = (await source.read(offset, length, options)).slice();
      lent?.fill(0xdb);
      lent = bytes;
      return bytes;
    },
  };
}

/** Aborts at the nth read: whoever hands its signal on stops there. */
export function abortingSource(
  source: ByteSource,
  controller: AbortController,
  reason: unknown,
  at = 1,
): ByteSource {
  let reads = 0;
  return {
    size: source.size,
    async read(offset, length, options) {
      if (++reads === at) controller.abort(reason);
      return source.read(offset, length, options);
    },
  };
}

/** `size` bytes that take no memory: zeros, with some bytes of its own laid over them. */
export function sparseSource(size: number, islands: ReadonlyMap<number, Uint8Array> = new Map()): ByteSource {
  return {
    size,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      const result = new Uint8Array(length);
      for (const [start, bytes] of islands) {
        const [from, to] = [Math.max(start, offset), Math.min(start + bytes.length, offset + length)];
        if (from < to) result.set(bytes.subarray(from - start, to - start), from - offset);
      }
      return result;
    },
  };
}

/** A tree of these bytes, each source put into `wrap`. */
export function treeOf(
  files: ReadonlyMap<string, Uint8Array>,
  wrap: (source: ByteSource, path: string) => ByteSource = (source) => source,
): FileTree {
  const sources = new Map([...files].map(([path, bytes]) => [path, wrap(fromBytes(bytes), path)]));
  return {
    async *list() {
      for (const [path, { size }] of sources) yield { path, size };
    },
    open: async (path) => sources.get(path),
  };
}
