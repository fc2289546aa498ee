import { type ByteSink, type FileTreeSink, toBytes } from '@torsh/bytes';

/** A tree sink that remembers how each of its files ended. */
export interface WatchedTreeSink extends FileTreeSink {
  readonly ended: ReadonlyMap<string, 'open' | 'closed' | 'aborted'>;
}

/** Keeps nothing, and rejects with `error` the write in which byte `at` would be written, or the close after it. */
export function failingTreeSink(at: number, error: unknown): WatchedTreeSink {
  const ended = new Map<string, 'open' | 'closed' | 'aborted'>();
  let written = 0;
  return {
    ended,
    async create(path): Promise<ByteSink> {
      ended.set(path, 'open');
      let position = 0;
      return {
        get position() {
          return position;
        },
        async write(bytes) {
          if (written + bytes.length > at) throw error;
          written += bytes.length;
          position += bytes.length;
        },
        async close() {
          if (written >= at) throw error;
          ended.set(path, 'closed');
        },
        async abort() {
          ended.set(path, 'aborted');
        },
      };
    },
    async close() {},
    async abort() {
      for (const path of ended.keys()) ended.set(path, 'aborted');
    },
  };
}

/** A sink that keeps small writes and only counts whole sources: it stands for files too large to make. */
export interface PretendedSink extends ByteSink {
  /** What was written by `write`, by where it lies. */
  readonly islands: ReadonlyMap<number, Uint8Array>;
}

/** `crcOf` says what the check sum of a transferred source is, since its bytes are not read. */
export function pretendedSink(crcOf: (size: number) => number): PretendedSink {
  const islands = new Map<number, Uint8Array>();
  let position = 0;
  return {
    islands,
    get position() {
      return position;
    },
    async write(bytes) {
      if (bytes.length > 0) islands.set(position, bytes.slice());
      position += bytes.length;
    },
    async transfer(sources) {
      return sources.map(({ size }) => {
        position += size;
        return { crc32: crcOf(size) };
      });
    },
    async close() {},
    async abort() {},
  };
}

/** Bytes in memory without `transfer`, counting its calls: the plainest place there is. */
export function countingSink(): ReturnType<typeof toBytes> & {
  readonly writes: number;
  readonly ends: number;
} {
  const sink = toBytes();
  let [writes, ends] = [0, 0];
  return {
    get position() {
      return sink.position;
    },
    get closed() {
      return sink.closed;
    },
    get writes() {
      return writes;
    },
    get ends() {
      return ends;
    },
    async write(bytes) {
      writes++;
      await sink.write(bytes);
    },
    async close() {
      ends++;
      await sink.close();
    },
    async abort(reason) {
      ends++;
      await sink.abort(reason);
    },
    bytes: () => sink.bytes(),
  };
}
