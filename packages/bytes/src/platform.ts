import type { ByteSource } from './source.ts';
import type { Digests, TransferOptions } from './transfer.ts';

/** Bytes in, digest out. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal; the hasher is used up. */
  digest(): string;
}

/**
 * What deflate looks for: earlier matches, as usual; only runs of one byte; or nothing, so that bytes are only coded by
 * how frequent they are. The last two are fast, and right for numbers, where matches are chance.
 */
export type DeflateMethod = 'matches' | 'runs' | 'symbols';

/** What differs between Node and a browser, lent by whoever knows where it runs. */
export interface Platform {
  sha256(): Hasher;
  /** CRC-32 of more bytes after those that gave `previous`; start with 0. */
  crc32(bytes: Uint8Array, previous?: number): number;
  /** Raw deflate, undone in blocks. Ends with a `malformed` error where the data is not deflate. */
  inflate(compressed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Raw deflate, made in blocks. The same bytes give the same result as long as the runtime is the same. */
  deflate(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Raw deflate of bytes that are there as a whole, several at once in other threads. Where absent, `deflate` does it. */
  deflateBlock?(bytes: Uint8Array, method: DeflateMethod): Promise<Uint8Array>;
  /** Undoes it; `malformed` unless there are exactly `length` bytes. Where absent, `inflate` does it. */
  inflateBlock?(compressed: Uint8Array, length: number): Promise<Uint8Array>;
  /** Digests many sources at once, in threads where there are any. Call the function `digest`, which knows both ways. */
  digest?(sources: readonly ByteSource[], options: TransferOptions): Promise<Digests[]>;
  /** When a thing is said to be made; absent where results must not depend on the clock. */
  now?(): Date;
}
