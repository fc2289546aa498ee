/** How the numbers of a run lie in a model, and how many bytes of the dense tensor each of them is. */
export interface NumberForm {
  readonly unit: 1 | 2 | 4 | 8;
  /** Numbers below zero may be there: they have ten bytes. */
  readonly signed: boolean;
  readonly varint: boolean;
  /** The tag before every number, where they do not lie packed behind one. */
  readonly tag: number | undefined;
}

/** The most bytes that one number takes in a model, with its tag. */
export const MOST = 11;

/** Writes one number from a dense tensor in the form that it has in a model, and gives the place behind it. */
export function putNumber(
  { unit, signed, varint, tag }: NumberForm,
  from: Uint8Array,
  at: number,
  to: Uint8Array,
  start: number,
): number {
  let out = start;
  if (tag !== undefined) to[out++] = tag;
  if (!varint) {
    for (let index = 0; index < unit; index++) to[out++] = from[at + index]!;
    return out;
  }
  let low = word(from, at, Math.min(unit, 4));
  let high = unit === 8 ? word(from, at + 4, 4) : 0;
  if (signed && unit < 8 && from[at + unit - 1]! >= 128) {
    // Numbers of 32 bits or fewer are written as if they had 64.
    if (unit < 4) low = (low | (-1 << (unit * 8))) >>> 0;
    high = 0xffff_ffff;
  }
  while (high > 0 || low > 127) {
    to[out++] = (low & 127) | 128;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  to[out++] = low;
  return out;
}

/**
 * Reads one number into a dense tensor, and gives the place behind it; -1 where this is not the one way in which
 * `putNumber` would have written it.
 */
export function takeNumber(
  form: NumberForm,
  from: Uint8Array,
  start: number,
  to: Uint8Array,
  at: number,
): number {
  const { unit, signed, varint, tag } = form;
  let next = start;
  if (tag !== undefined && from[next++] !== tag) return -1;
  if (!varint) {
    if (next + unit > from.length) return -1;
    for (let index = 0; index < unit; index++) to[at + index] = from[next++]!;
    return next;
  }
  let [low, high] = [0, 0];
  const first = next;
  for (;;) {
    const byte = from[next];
    if (byte === undefined) return -1;
    const shift = (next - first) * 7;
    const bits = byte & 127;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (shift - 32);
    next++;
    if (byte < 128) {
      // The shortest form has no empty last byte, and its tenth byte is one bit.
      if (bits === 0 && shift > 0) return -1;
      if (shift === 63 && bits > 1) return -1;
      break;
    }
    if (shift === 63) return -1;
  }
  low >>>= 0;
  high >>>= 0;
  for (let index = 0; index < Math.min(unit, 4); index++) to[at + index] = (low >>> (index * 8)) & 255;
  if (unit === 8) {
    for (let index = 0; index < 4; index++) to[at + 4 + index] = (high >>> (index * 8)) & 255;
    return next;
  }
  return fits(low, high, unit, signed) ? next : -1;
}

/** Whether a number of 64 bits is what it would be after a way through fewer. */
function fits(low: number, high: number, unit: 1 | 2 | 4, signed: boolean): boolean {
  const limit = 2 ** (unit * 8);
  if (!signed) return high === 0 && low < limit;
  if (high === 0) return low < limit / 2;
  return high === 0xffff_ffff && low >= 2 ** 32 - limit / 2;
}

function word(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index++) value |= bytes[at + index]! << (index * 8);
  return value >>> 0;
}
