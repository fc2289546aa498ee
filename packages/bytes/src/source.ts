import { TorshError } from './errors.ts';

/** What a caller lends to each read. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What is known of the bytes of a source before they are read; whoever reads all of them compares. */
export interface Expected {
  readonly crc32?: number | undefined;
  /** Lower-case hexadecimal. */
  readonly sha256?: string | undefined;
  /** Named in the error when the bytes are not what was expected. */
  readonly path?: string | undefined;
}

/** A stretch of another source. */
export interface Window {
  readonly root: ByteSource;
  readonly offset: number;
}

/**
 * Random access to one file. `read` gives exactly `length` bytes or rejects with `truncated`: never fewer, never
 * padded. The bytes belong to the source: do not change them, do not keep them over the next read.
 */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array>;
  /** Where the bytes lie unchanged in another source: lets a place copy them without this source. */
  locate?(options?: ReadOptions): Promise<Window>;
  /** How many bytes are cheapest to read at once, where that is not the reader's choice. */
  readonly block?: number | undefined;
  readonly expected?: Expected | undefined;
  /** The same bytes in raw deflate, where they lie so in a ZIP: another ZIP takes them without compressing again. */
  readonly deflated?: ByteSource | undefined;
}

/** Bytes in memory as a source. */
export function fromBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length, options) {
      checkRead(bytes.length, offset, length, options);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** The part of a browser's `Blob` that is needed to read it; a `File` is one too. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A `Blob` or `File` as a source. */
export function fromBlob(blob: BlobLike): ByteSource {
  return {
    size: blob.size,
    async read(offset, length, options) {
      checkRead(blob.size, offset, length, options);
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        throw new TorshError('io', 'The file could not be read; it may have changed since it was chosen.', {
          offset,
          cause,
        });
      }
    },
  };
}

/** Throws unless the read lies within the source; every `read` begins with it. */
export function checkRead(size: number, offset: number, length: number, options?: ReadOptions): void {
  options?.signal?.throwIfAborted();
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new TypeError(`read(${offset}, ${length}): offset and length must be whole numbers, 0 or more`);
  }
  if (offset + length > size) {
    throw new TorshError(
      'truncated',
      `${length} bytes were wanted at byte ${offset}, but there are only ${size} bytes.`,
      {
        offset,
      },
    );
  }
}

/** All bytes of a source, which must be at most `limit` long. They are a copy: the caller may keep them. */
export async function readAll(source: ByteSource, limit: number, options?: ReadOptions): Promise<Uint8Array> {
  if (source.size > limit) {
    throw new TorshError(
      'limit',
      `This part has ${source.size} bytes; at most ${limit} are read into memory.`,
    );
  }
  return (await source.read(0, source.size, options)).slice();
}
