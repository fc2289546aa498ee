import { type ByteSource, checkRead, type ReadOptions } from '@torsh/bytes';
import { MOST, type NumberForm, putNumber, takeNumber } from './form.ts';

/** So many numbers from one milestone to the next. */
const STRIDE = 8192;

/** The numbers of a tensor in the form that they have in a model: how many, how long, and where to begin in the middle. */
export interface Run {
  readonly form: NumberForm;
  readonly count: number;
  /** Bytes in the model. */
  readonly size: number;
  /** Where every `STRIDE`th number begins in the model. */
  readonly milestones: readonly number[];
}

/** Looks over numbers as they lie in a model; `undefined` where they are not in the one form that we would write. */
export async function scanRun(
  encoded: ByteSource,
  form: NumberForm,
  options: ReadOptions,
): Promise<Run | undefined> {
  const milestones: number[] = [];
  const scratch = new Uint8Array(8);
  let [count, at] = [0, 0];
  while (at < encoded.size) {
    const block = await encoded.read(at, Math.min(STRIDE * MOST, encoded.size - at), options);
    const whole = at + block.length === encoded.size;
    let place = 0;
    // The last number of a block may be cut; the next block begins with it.
    while (place < block.length && (whole || place + MOST <= block.length)) {
      if (count % STRIDE === 0) milestones.push(at + place);
      place = takeNumber(form, block, place, scratch, 0);
      if (place < 0) return undefined;
      count++;
    }
    at += place;
  }
  return { form, count, size: encoded.size, milestones };
}

/** How long the numbers of a dense tensor are in a model; reads all of them. */
export async function measureRun(dense: ByteSource, form: NumberForm, options: ReadOptions): Promise<Run> {
  const milestones: number[] = [];
  const scratch = new Uint8Array(MOST);
  let size = 0;
  for (let at = 0; at < dense.size; at += STRIDE * form.unit) {
    milestones.push(size);
    const block = await dense.read(at, Math.min(STRIDE * form.unit, dense.size - at), options);
    for (let place = 0; place < block.length; place += form.unit)
      size += putNumber(form, block, place, scratch, 0);
  }
  return { form, count: dense.size / form.unit, size, milestones };
}

/** Numbers that lie in a model, as a dense tensor. */
export function decodedRun(encoded: ByteSource, run: Run): ByteSource {
  const { unit } = run.form;
  return strided(
    run.count * unit,
    (index) => index * STRIDE * unit,
    STRIDE * unit,
    async (index, options) => {
      const start = run.milestones[index]!;
      const end = run.milestones[index + 1] ?? run.size;
      const bytes = await encoded.read(start, end - start, options);
      const dense = new Uint8Array(Math.min(STRIDE, run.count - index * STRIDE) * unit);
      let place = 0;
      for (let at = 0; at < dense.length; at += unit) place = takeNumber(run.form, bytes, place, dense, at);
      return dense;
    },
  );
}

/** A dense tensor as its numbers lie in a model. */
export function encodedRun(dense: ByteSource, run: Run): ByteSource {
  const { unit } = run.form;
  const { milestones, size } = run;
  const most = STRIDE * MOST;
  return strided(
    size,
    (index) => milestones[index] ?? size,
    most,
    async (index, options) => {
      const start = index * STRIDE * unit;
      const bytes = await dense.read(start, Math.min(STRIDE * unit, dense.size - start), options);
      const encoded = new Uint8Array((milestones[index + 1] ?? size) - milestones[index]!);
      const scratch = new Uint8Array(MOST);
      let place = 0;
      for (let at = 0; at < bytes.length; at += unit) {
        const length = putNumber(run.form, bytes, at, scratch, 0);
        // A tensor that changes while it is written must not write beyond its place.
        encoded.set(scratch.subarray(0, Math.min(length, encoded.length - place)), place);
        place = Math.min(place + length, encoded.length);
      }
      return encoded;
    },
  );
}

/** A source that is made stretch by stretch; the last one is kept, because readers go forward. */
function strided(
  size: number,
  startOf: (index: number) => number,
  block: number,
  make: (index: number, options?: ReadOptions) => Promise<Uint8Array>,
): ByteSource {
  let kept: { readonly index: number; readonly bytes: Uint8Array } | undefined;
  const find = (offset: number, guess: number): number => {
    let [low, high] = [guess, guess];
    while (startOf(high + 1) <= offset && startOf(high + 1) < size) high = high * 2 + 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (startOf(middle) <= offset && startOf(middle) < size) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    size,
    block,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      const result = new Uint8Array(length);
      let done = 0;
      for (let index = length === 0 ? 0 : find(offset, 0); done < length; index++) {
        const start = startOf(index);
        const bytes = kept?.index === index ? kept.bytes : await make(index, options);
        kept = { index, bytes };
        const from = offset + done - start;
        const part = bytes.subarray(from, from + length - done);
        result.set(part, done);
        done += part.length;
      }
      return result;
    },
  };
}
