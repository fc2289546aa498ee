import type { ByteSource } from './source.ts';
import type { Digests, TransferOptions } from './transfer.ts';

/** Append-only; awaiting `write` is the back-pressure; ends with exactly one of close (whole) or abort (as if it never was). */
export interface ByteSink {
  readonly position: number;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  /**
   * Appends whole sources, in order, by whatever means the place has: a file fills the planned ranges from several
   * threads. Absent where a place can only append. Call the function `transfer`, which knows both ways.
   */
  transfer?(sources: readonly ByteSource[], options: TransferOptions): Promise<Digests[]>;
}

/** What a writer knows of a file before its first byte, for places that need to know. */
export interface FileHint {
  /** How many bytes the file will have. */
  readonly size?: number | undefined;
  /** The byte of the file that should lie on a 64-byte boundary of what holds it, so that it can be mapped in place. */
  readonly alignAt?: number | undefined;
}

/** Named files, made one after the other. */
export interface FileTreeSink {
  create(path: string, hint?: FileHint): Promise<ByteSink>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/** Collects what is written in memory; `bytes` gives it after `close`. */
export interface MemorySink extends ByteSink {
  readonly closed: boolean;
  bytes(): Uint8Array<ArrayBuffer>;
}

export function toBytes(): MemorySink {
  let parts: Uint8Array[] = [];
  let position = 0;
  let state: 'open' | 'closed' | 'aborted' = 'open';
  return {
    get position() {
      return position;
    },
    get closed() {
      return state === 'closed';
    },
    async write(bytes) {
      if (state !== 'open') throw new TypeError('write after the end of a sink');
      parts.push(new Uint8Array(bytes)); // a copy: the slice of a Node Buffer would share memory
      position += bytes.length;
    },
    async close() {
      state = 'closed';
    },
    async abort() {
      state = 'aborted';
      parts = [];
    },
    bytes() {
      if (state !== 'closed') throw new TypeError('the bytes of a sink that was not closed');
      const joined = new Uint8Array(position);
      let at = 0;
      for (const part of parts) {
        joined.set(part, at);
        at += part.length;
      }
      return joined;
    },
  };
}

/** A tree of files in memory: what a library user writes to when there is no disk. */
export interface MemoryTreeSink extends FileTreeSink {
  files(): ReadonlyMap<string, Uint8Array>;
}

export function toFiles(): MemoryTreeSink {
  const sinks = new Map<string, MemorySink>();
  return {
    async create(path) {
      if (sinks.has(path)) throw new TypeError(`the file ${path} is made twice`);
      const sink = toBytes();
      sinks.set(path, sink);
      return sink;
    },
    async close() {},
    async abort() {
      sinks.clear();
    },
    files: () => new Map([...sinks].map(([path, sink]) => [path, sink.bytes()])),
  };
}
