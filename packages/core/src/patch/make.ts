import type { ByteSource, Platform } from '@torsh/bytes';
import type { Context } from '../format.ts';
import type { Pair } from './align.ts';
import { type Matcher, matcher, type Range } from './match.ts';
import { pack } from './pack.ts';
import { type Form, split, UNORDERED } from './planes.ts';
import { partsOf } from './ranges.ts';
import type { Step } from './step.ts';
import { gapsOf, type Stretch } from './stretches.ts';
import { formatThreads } from './weave.ts';

/** What steps are made of. */
export interface Making {
  readonly base: ByteSource;
  readonly target: ByteSource;
  readonly pairs: readonly Pair[];
  /** The tensors of the base, which are not searched for other things. */
  readonly tensors: readonly Stretch[];
  readonly context: Context;
}

/** What is made at once. */
const MADE = 2 ** 20;

/** A step that is still being packed, by other threads. In a box, because a generator waits for a bare promise. */
export interface Packing {
  readonly step: Promise<Step>;
}

/** The steps that make the target out of the base, in order. */
export async function* makeSteps({ base, target, pairs, tensors, context }: Making): AsyncGenerator<Packing> {
  const { signal, platform } = context;
  let known: Matcher | undefined;
  const gaps = gapsOf(
    target.size,
    pairs.map(({ target: stretch }) => stretch),
  );
  let nextGap = 0;
  for (const pair of [...pairs, undefined]) {
    const before = pair?.target.offset ?? target.size;
    for (; nextGap < gaps.length && gaps[nextGap]!.offset < before; nextGap++) {
      known ??= await matcher(base, gapsOf(base.size, tensors), context);
      yield* weave(known, target, gaps[nextGap]!, context);
    }
    if (pair !== undefined) yield* paired(pair, base, target, platform, signal);
  }
}

async function* weave(
  known: Matcher,
  target: ByteSource,
  { offset, size }: Range,
  { platform, signal }: Context,
): AsyncGenerator<Packing> {
  for (let done = 0; done < size; done += MADE) {
    const length = Math.min(MADE, size - done);
    const bytes = (await target.read(offset + done, length, { signal })).slice();
    const { threads, literals } = await known.match(bytes, { signal });
    yield* copiesOr(threads, async (): Promise<Step> => {
      const text = formatThreads(threads);
      return {
        kind: 'weave',
        length,
        threadBytes: text.length,
        threads: await pack(text, platform, 'matches'),
        literalBytes: literals.length,
        literals: await pack(literals, platform, 'matches'),
      };
    });
  }
}

/** A weave of one thread without new bytes is a copy. */
function* copiesOr(
  threads: Parameters<typeof formatThreads>[0],
  make: () => Promise<Step>,
): Generator<Packing> {
  const [only] = threads;
  if (threads.length === 1 && only!.literal === 0) yield copy(only!.from, only!.copied);
  else yield { step: make() };
}

async function* paired(
  { target: stretch, base: other }: Pair,
  base: ByteSource,
  target: ByteSource,
  platform: Platform,
  signal: AbortSignal,
): AsyncGenerator<Packing> {
  const form = stretch.form ?? { width: 1, shift: UNORDERED };
  const shared = other === undefined ? 0 : Math.min(other.size, stretch.size);
  for (let done = 0; done < stretch.size; ) {
    const most = done < shared ? Math.min(MADE, shared - done) : Math.min(MADE, stretch.size - done);
    // A copy: base and target may be windows on one file, whose next read takes these bytes back.
    const after = (await target.read(stretch.offset + done, most, { signal })).slice();
    if (other === undefined || done >= shared) {
      yield { step: numbers(after, form, platform) };
    } else {
      const from = other.offset + done;
      const before = await base.read(from, most, { signal });
      for (const { same, start, end } of partsOf(after, before)) {
        if (same) yield copy(from + start, end - start);
        else {
          const [is, was] = [after.subarray(start, end), before.subarray(start, end)];
          yield { step: delta(is, was, from + start, form, platform) };
        }
      }
    }
    done += most;
  }
}

function copy(from: number, length: number): Packing {
  return { step: Promise.resolve({ kind: 'copy', from, length }) };
}

/** Numbers without a base. */
async function numbers(target: Uint8Array, form: Form, platform: Platform): Promise<Step> {
  const { length } = target;
  const whole: Form = { width: widthFor(length, form), shift: UNORDERED };
  const planes = await Promise.all(split(target, undefined, whole).map((plane) => pack(plane, platform)));
  return { kind: 'numbers', form: whole, from: 0, length, planes };
}

async function delta(
  target: Uint8Array,
  base: Uint8Array,
  from: number,
  form: Form,
  platform: Platform,
): Promise<Step> {
  if (!isNear(target, base, form)) return numbers(target, form, platform);
  const { length } = target;
  const fitting: Form = {
    width: widthFor(length, form),
    shift: length % form.width === 0 ? form.shift : UNORDERED,
  };
  const planes = await Promise.all(split(target, base, fitting).map((plane) => pack(plane, platform)));
  return { kind: 'delta', form: fitting, from, length, planes };
}

/** A tensor always has whole numbers; only the end of one that was cut by another size may not. */
function widthFor(length: number, { width }: Form): Form['width'] {
  return length % width === 0 ? width : 1;
}

/** Numbers that are looked at to tell whether two tensors have anything to do with each other. */
const LOOKED_AT = 4096;

/** True if the differences take fewer bits than the numbers themselves, by the entropy of their highest two bytes. */
function isNear(target: Uint8Array, base: Uint8Array, form: Form): boolean {
  if (target.length % form.width !== 0) return true;
  const length = Math.min(target.length, LOOKED_AT * form.width);
  const start = Math.floor((target.length - length) / 2 / form.width) * form.width;
  const [after, before] = [target, base].map((bytes) => bytes.slice(start, start + length));
  const plain: Form = { ...form, shift: UNORDERED };
  const near = split(after!, before!, plain).reduce((sum, plane) => sum + bitsOf(plane), 0);
  const far = split(after!, undefined, plain).reduce((sum, plane) => sum + bitsOf(plane), 0);
  return near < far;
}

function bitsOf(plane: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of plane) counts[byte]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= count * Math.log2(count / plane.length);
  return bits;
}
