/** Bytes of one number: differences are of whole numbers of this width. */
export type Width = 1 | 2 | 4;

/** Where no order is wanted: the shift of a step whose numbers stay in their places. */
export const UNORDERED = 255;

/** How the numbers of a block are taken apart. */
export interface Form {
  readonly width: Width;
  /** Bits below the exponent of a float; differences are ordered by the exponent in the base. `UNORDERED`: by nothing. */
  readonly shift: number;
}

const KEYS = 256;

/**
 * Differences of two rows of numbers as byte planes, lowest first: `target - base` modulo 2^bits, folded so that small
 * ones of either sign are small. Numbers whose base has one exponent stand together, because their differences are of
 * one magnitude: the entropy coder then meets one distribution after the other instead of their mixture.
 */
export function split(target: Uint8Array, base: Uint8Array | undefined, form: Form): Uint8Array[] {
  const count = target.length / form.width;
  const planes = Array.from({ length: form.width }, () => new Uint8Array(count));
  const [low, second, third, high] = planes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const after = words(target, form.width);
  const before = base === undefined ? new (kindOf(form.width))(count) : words(base, form.width);
  const place = base === undefined ? undefined : places(before, form);
  const { shift } = form;
  if (form.width === 4) {
    for (let index = 0; index < count; index++) {
      const old = before[index]!;
      const difference = (after[index]! - old) | 0;
      const folded = (difference << 1) ^ (difference >> 31);
      const at = place === undefined ? index : place[((old & 0x7fffffff) >>> shift) & 255]!++;
      low[at] = folded;
      second[at] = folded >>> 8;
      third[at] = folded >>> 16;
      high[at] = folded >>> 24;
    }
  } else if (form.width === 2) {
    for (let index = 0; index < count; index++) {
      const old = before[index]!;
      const difference = ((after[index]! - old) << 16) >> 16;
      const folded = (difference << 1) ^ (difference >> 31);
      const at = place === undefined ? index : place[((old & 0x7fff) >>> shift) & 255]!++;
      low[at] = folded;
      second[at] = folded >>> 8;
    }
  } else {
    for (let index = 0; index < count; index++) {
      const difference = ((after[index]! - before[index]!) << 24) >> 24;
      low[index] = (difference << 1) ^ (difference >> 31);
    }
  }
  return planes;
}

/** What `split` took apart, from the planes and the same base. */
export function join(planes: readonly Uint8Array[], base: Uint8Array | undefined, form: Form): Uint8Array {
  const [low, second, third, high] = planes as readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const count = low.length;
  const result = new (kindOf(form.width))(count);
  const before = base === undefined ? new (kindOf(form.width))(count) : words(base, form.width);
  const place = base === undefined ? undefined : places(before, form);
  const { shift } = form;
  if (form.width === 4) {
    for (let index = 0; index < count; index++) {
      const old = before[index]!;
      const at = place === undefined ? index : place[((old & 0x7fffffff) >>> shift) & 255]!++;
      const folded = low[at]! | (second[at]! << 8) | (third[at]! << 16) | (high[at]! << 24);
      result[index] = old + ((folded >>> 1) ^ -(folded & 1));
    }
  } else if (form.width === 2) {
    for (let index = 0; index < count; index++) {
      const old = before[index]!;
      const at = place === undefined ? index : place[((old & 0x7fff) >>> shift) & 255]!++;
      const folded = low[at]! | (second[at]! << 8);
      result[index] = old + ((folded >>> 1) ^ -(folded & 1));
    }
  } else {
    for (let index = 0; index < count; index++) {
      const folded = low[index]!;
      result[index] = before[index]! + ((folded >>> 1) ^ -(folded & 1));
    }
  }
  swapOnBigEndian(result, form.width);
  return new Uint8Array(result.buffer);
}

/** Where the numbers of each exponent begin, counted up as they are placed; `undefined` where nothing is ordered. */
function places(before: Words, { width, shift }: Form): Uint32Array | undefined {
  if (shift === UNORDERED || width === 1) return undefined;
  const mask = width === 4 ? 0x7fffffff : 0x7fff;
  const counts = new Uint32Array(KEYS);
  for (let index = 0; index < before.length; index++) counts[((before[index]! & mask) >>> shift) & 255]!++;
  let sum = 0;
  for (let key = 0; key < KEYS; key++) {
    const count = counts[key]!;
    counts[key] = sum;
    sum += count;
  }
  return counts;
}

type Words = Uint8Array | Uint16Array | Uint32Array;

function kindOf(width: Width): Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor {
  return width === 4 ? Uint32Array : width === 2 ? Uint16Array : Uint8Array;
}

const isBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

/** The bytes as little-endian numbers; a copy only where they do not lie so in memory. */
export function words(bytes: Uint8Array, width: Width): Words {
  const aligned = bytes.byteOffset % width === 0 && !(isBigEndian && width > 1) ? bytes : bytes.slice();
  const row = new (kindOf(width))(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / width);
  swapOnBigEndian(row, width);
  return row;
}

function swapOnBigEndian(row: Words, width: Width): void {
  if (!isBigEndian || width === 1) return;
  const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
