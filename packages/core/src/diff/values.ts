import { BLOCK, type ByteSource, type ReadOptions } from '@torsh/bytes';
import type { Tensor } from '../archive.ts';
import { storedAs } from '../dtype.ts';
import { numberType } from './numbers.ts';

/** How much two numbers may differ and still count as equal: |b − a| ≤ atol + rtol × |a|. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/**
 * How the numbers of two tensors differ. A complex number counts as two. Two NaN are the same; one NaN is a change, and
 * is in none of the sums.
 */
export interface ValueDifference {
  readonly values: number;
  readonly changed: number;
  /** Changed by more than the tolerance. */
  readonly beyond: number;
  readonly maxAbs: number;
  readonly meanAbs: number;
  /** 1 for the same direction; `null` where one is all zeros. */
  readonly cosine: number | null;
  /** NaN in the first, and in the second. */
  readonly nan: readonly [number, number];
}

/** Compares two tensors of one shape number by number; `undefined` where their types are no numbers of whole bytes. */
export async function compareValues(
  a: Tensor,
  b: Tensor,
  tolerance: Tolerance,
  options: ReadOptions & { progress?(bytes: number): void },
): Promise<ValueDifference | undefined> {
  const [left, right] = [storedAs(a.dtype, a.shape).dtype, storedAs(b.dtype, b.shape).dtype];
  if (is64(left) && left === right) return compareBig(a.data, b.data, left, tolerance, options);
  const [one, other] = [numberType(left), numberType(right)];
  if (one === undefined || other === undefined || PACKED.has(a.dtype) || PACKED.has(b.dtype))
    return undefined;
  const count = a.data.size / one.bytes;
  if (count !== b.data.size / other.bytes) return undefined;
  const at = Math.min(BLOCK / 8, count);
  const [before, after] = [new Float64Array(at), new Float64Array(at)];
  const sums = newSums();
  for (let index = 0; index < count; index += at) {
    const length = Math.min(at, count - index);
    one.decode(await a.data.read(index * one.bytes, length * one.bytes, options), before);
    other.decode(await b.data.read(index * other.bytes, length * other.bytes, options), after);
    add(sums, before, after, length, tolerance);
    options.progress?.(length * (one.bytes + other.bytes));
  }
  return finished(sums, count);
}

/** Types whose bytes are not one number each. */
const PACKED: ReadonlySet<string> = new Set([
  'QU4X2',
  'QU2X4',
  'BITS8',
  'BITS1X8',
  'BITS2X4',
  'BITS4X2',
  'BITS16',
]);

function newSums() {
  return {
    changed: 0,
    beyond: 0,
    maxAbs: 0,
    sumAbs: 0,
    compared: 0,
    dot: 0,
    left: 0,
    right: 0,
    nanA: 0,
    nanB: 0,
  };
}

type Sums = ReturnType<typeof newSums>;

function add(
  sums: Sums,
  before: Float64Array,
  after: Float64Array,
  length: number,
  { atol, rtol }: Tolerance,
): void {
  let { changed, beyond, maxAbs, sumAbs, compared, dot, left, right, nanA, nanB } = sums;
  for (let index = 0; index < length; index++) {
    const a = before[index]!;
    const b = after[index]!;
    if (Number.isNaN(a) || Number.isNaN(b)) {
      if (Number.isNaN(a)) nanA++;
      if (Number.isNaN(b)) nanB++;
      if (!Number.isNaN(a) || !Number.isNaN(b)) {
        changed++;
        beyond++;
      }
      continue;
    }
    compared++;
    dot += a * b;
    left += a * a;
    right += b * b;
    if (a === b) continue;
    const difference = Math.abs(b - a);
    changed++;
    if (!(difference <= atol + rtol * Math.abs(a))) beyond++;
    sumAbs += difference;
    if (difference > maxAbs) maxAbs = difference;
  }
  Object.assign(sums, { changed, beyond, maxAbs, sumAbs, compared, dot, left, right, nanA, nanB });
}

function finished(sums: Sums, values: number): ValueDifference {
  const { changed, beyond, maxAbs, sumAbs, compared, dot, left, right, nanA, nanB } = sums;
  const cosine = dot / (Math.sqrt(left) * Math.sqrt(right));
  return {
    values,
    changed,
    beyond,
    maxAbs,
    meanAbs: compared === 0 ? 0 : sumAbs / compared,
    // Rounding can lead a little beyond 1.
    cosine: Number.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : null,
    nan: [nanA, nanB],
  };
}

function is64(dtype: string): dtype is 'I64' | 'U64' {
  return dtype === 'I64' || dtype === 'U64';
}

/** Whole numbers of 64 bits: their differences are exact, and rounded only when they are told. */
async function compareBig(
  a: ByteSource,
  b: ByteSource,
  dtype: 'I64' | 'U64',
  { atol, rtol }: Tolerance,
  options: ReadOptions & { progress?(bytes: number): void },
): Promise<ValueDifference> {
  const sums = newSums();
  let most = 0n;
  const get = dtype === 'I64' ? ('getBigInt64' as const) : ('getBigUint64' as const);
  for (let at = 0; at < a.size; at += BLOCK) {
    const length = Math.min(BLOCK, a.size - at);
    const left = viewOf((await a.read(at, length, options)).slice());
    const right = viewOf(await b.read(at, length, options));
    for (let offset = 0; offset < length; offset += 8) {
      const before = left[get](offset, true);
      const after = right[get](offset, true);
      const [x, y] = [Number(before), Number(after)];
      sums.compared++;
      sums.dot += x * y;
      sums.left += x * x;
      sums.right += y * y;
      if (before === after) continue;
      const difference = after > before ? after - before : before - after;
      if (difference > most) most = difference;
      sums.changed++;
      if (Number(difference) > atol + rtol * Math.abs(x)) sums.beyond++;
      sums.sumAbs += Number(difference);
    }
    options.progress?.(2 * length);
  }
  return finished({ ...sums, maxAbs: Number(most) }, a.size / 8);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
