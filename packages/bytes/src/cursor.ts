import { TorshError } from './errors.ts';

/** Reads little-endian numbers from bytes, front to back. `base` is where the bytes begin in their file. */
export interface Cursor {
  readonly position: number;
  readonly remaining: number;
  u8(): number;
  u16(): number;
  u32(): number;
  /** A 64-bit count or offset; refused above 2^53, so that no `bigint` leaves a parser. */
  u64(): number;
  bytes(length: number): Uint8Array;
  text(length: number): string;
  skip(length: number): void;
}

/** Strict UTF-8: a byte sequence that is not UTF-8 is an error, and a byte order mark is kept. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 text, or `undefined` where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

export function cursor(bytes: Uint8Array, base = 0): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (length > bytes.length - at) {
      throw new TorshError(
        'truncated',
        `The file ends where ${length} more bytes were expected; ${bytes.length - at} are left.`,
        { offset: base + at },
      );
    }
    const start = at;
    at += length;
    return start;
  };
  return {
    get position() {
      return base + at;
    },
    get remaining() {
      return bytes.length - at;
    },
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    u64() {
      const start = take(8);
      const value = view.getUint32(start, true) + view.getUint32(start + 4, true) * 2 ** 32;
      if (value > Number.MAX_SAFE_INTEGER) {
        throw new TorshError('limit', 'A 64-bit number here is above 2^53; no real file is that large.', {
          offset: base + start,
        });
      }
      return value;
    },
    bytes(length) {
      const start = take(length);
      return bytes.subarray(start, start + length);
    },
    text(length) {
      const start = take(length);
      const text = decodeUtf8(bytes.subarray(start, start + length));
      if (text === undefined) {
        throw new TorshError('malformed', 'A name here is not valid UTF-8.', { offset: base + start });
      }
      return text;
    },
    skip: (length) => void take(length),
  };
}
