/** CPython reads and writes no decimal number longer than this, because doing so takes quadratic time. */
export const MAX_DIGITS = 4300;

/** A Python `int`: a safe `number`, or else a `bigint`. */
export function toInt(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/**
 * The two's complement little-endian number in these bytes. Gives `undefined` for one that JavaScript cannot hold
 * (2^30 bits).
 */
export function decodeInt(bytes: Uint8Array): number | bigint | undefined {
  const length = bytes.length;
  if (length === 0) return 0;
  const negative = bytes[length - 1]! >= 0x80;
  if (length <= 6) {
    let value = negative ? -1 : 0;
    for (let at = length - 1; at >= 0; at--) value = value * 256 + bytes[at]!;
    return value;
  }
  // Through hexadecimal text, which takes linear time; a sum of shifted digits would take quadratic time.
  const digits: string[] = [];
  for (let at = length - 1; at >= 0; at--) digits.push(HEX[bytes[at]!]!);
  try {
    const value = BigInt(`0x${digits.join('')}`);
    return toInt(negative ? value - (1n << BigInt(length * 8)) : value);
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The shortest two's complement little-endian bytes of a number, as Python's `encode_long` makes them. */
export function encodeInt(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0);
  const magnitude = value < 0n ? -value - 1n : value;
  const hex = magnitude.toString(16);
  const padded = hex.length % 2 === 1 ? `0${hex}` : hex;
  const size = padded.length / 2;
  const needsSign = Number.parseInt(padded.slice(0, 2), 16) >= 0x80;
  const bytes = new Uint8Array(size + (needsSign ? 1 : 0));
  for (let at = 0; at < size; at++) {
    bytes[size - 1 - at] = Number.parseInt(padded.slice(2 * at, 2 * at + 2), 16);
  }
  if (value < 0n) for (let at = 0; at < bytes.length; at++) bytes[at] = ~bytes[at]! & 0xff;
  return bytes;
}
