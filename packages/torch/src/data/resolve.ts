import type { ByteSource } from '@torsh/bytes';
import type { ElementType } from '../object/storage-types.ts';

/** What is left to do to the bytes of a tensor: all three are their own inverse. */
export interface Pending {
  /** Reverse the bytes of each number: the file is big-endian. */
  readonly swap: boolean;
  /** Flip the sign of each imaginary part. */
  readonly conj: boolean;
  /** Flip the sign of each number. */
  readonly neg: boolean;
}

/** The same tensor with its pending operations done as it is read. */
export function resolve(dense: ByteSource, type: ElementType, pending: Pending): ByteSource {
  const { numberBytes } = type;
  if (!pending.conj && !pending.neg && (!pending.swap || numberBytes === 1)) return dense;
  const pair = numberBytes * 2;
  const negate = negation(type);
  return {
    size: dense.size,
    block: dense.block,
    async read(offset, length, options) {
      // Whole pairs of numbers, so that real and imaginary parts can be told apart.
      const start = offset - (offset % pair);
      const end = Math.min(dense.size, Math.ceil((offset + length) / pair) * pair);
      const bytes = new Uint8Array(await dense.read(start, end - start, options));
      if (pending.swap) swap(bytes, numberBytes);
      if (pending.neg) for (let at = 0; at < bytes.length; at += numberBytes) negate(bytes, at, numberBytes);
      if (pending.conj)
        for (let at = numberBytes; at < bytes.length; at += pair) negate(bytes, at, numberBytes);
      return bytes.subarray(offset - start, offset - start + length);
    },
  };
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

type Negate = (bytes: Uint8Array, at: number, width: number) => void;

/** How a number of a type changes its sign. */
function negation({ dtype }: ElementType): Negate {
  if (/^[IU]\d/.test(dtype)) return negateInteger;
  // Types without a negative zero use its bits for NaN.
  return dtype.endsWith('FNUZ')
    ? (bytes, at, width) => bytes[at] !== 0 && flipSign(bytes, at, width)
    : flipSign;
}

/** The sign is the highest bit of the last byte. */
function flipSign(bytes: Uint8Array, at: number, width: number): void {
  bytes[at + width - 1]! ^= 0x80;
}

/** Two's complement: invert, add one, carry from the lowest byte up. */
function negateInteger(bytes: Uint8Array, at: number, width: number): void {
  let carry = 1;
  for (let index = at; index < at + width; index++) {
    const sum = (~bytes[index]! & 0xff) + carry;
    bytes[index] = sum;
    carry = sum >> 8;
  }
}
