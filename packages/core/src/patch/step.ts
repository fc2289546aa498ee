import { TorshError } from '@torsh/bytes';
import { type Packed, putPacked, takePacked } from './pack.ts';
import { type Form, UNORDERED, type Width } from './planes.ts';
import { type Reader, reader, type Writer } from './varint.ts';

/** Bytes of the base as they are. */
export interface Copy {
  readonly kind: 'copy';
  readonly from: number;
  readonly length: number;
}

/** Numbers that differ from those of the base, or from nothing. */
export interface Delta {
  readonly kind: 'delta' | 'numbers';
  readonly form: Form;
  readonly from: number;
  readonly length: number;
  readonly planes: readonly Packed[];
}

/** New bytes with stretches of the base between them. */
export interface Weave {
  readonly kind: 'weave';
  readonly length: number;
  readonly threads: Packed;
  readonly threadBytes: number;
  readonly literals: Packed;
  readonly literalBytes: number;
}

/** One step of a patch: it makes the next `length` bytes of the target. */
export type Step = Copy | Delta | Weave;

/** What one step other than a copy may make: it is held in memory. */
const MOST_MADE: number = 4 * 2 ** 20;

const CODES = { copy: 1, delta: 2, numbers: 3, weave: 4 } as const;

export function putStep(to: Writer, step: Step): void {
  to.byte(CODES[step.kind]);
  to.varint(step.length);
  if (step.kind === 'copy') {
    to.varint(step.from);
  } else if (step.kind === 'weave') {
    to.varint(step.threadBytes);
    putPacked(to, step.threads);
    to.varint(step.literalBytes);
    putPacked(to, step.literals);
  } else {
    to.byte(step.form.width);
    if (step.kind === 'delta') {
      to.byte(step.form.shift);
      to.varint(step.from);
    }
    for (const plane of step.planes) putPacked(to, plane);
  }
}

/** The steps of a segment, each checked against the size of the base before it is given. */
export function* stepsIn(segment: Uint8Array, baseSize: number, path: string): Generator<Step> {
  const from = reader(segment, path);
  while (from.left > 0) yield takeStep(from, baseSize, path);
}

function takeStep(from: Reader, baseSize: number, path: string): Step {
  const wrong = (what: string): TorshError =>
    new TorshError('malformed', `${path} has a step that ${what}.`, { path });
  const inside = (start: number, length: number): number => {
    if (start + length > baseSize) throw wrong('copies from outside of the base');
    return start;
  };
  const code = from.byte();
  const length = from.varint();
  if (length === 0) throw wrong('makes nothing');
  if (code === CODES.copy) return { kind: 'copy', length, from: inside(from.varint(), length) };
  if (length > MOST_MADE) throw wrong(`makes ${length} bytes at once; at most ${MOST_MADE} are allowed`);
  if (code === CODES.weave) {
    const threadBytes = from.varint();
    if (threadBytes > MOST_MADE) throw wrong('has more threads than bytes');
    const threads = takePacked(from);
    const literalBytes = from.varint();
    if (literalBytes > length) throw wrong('has more new bytes than it makes');
    return { kind: 'weave', length, threadBytes, threads, literalBytes, literals: takePacked(from) };
  }
  if (code !== CODES.delta && code !== CODES.numbers) throw wrong(`is of the unknown kind ${code}`);
  const width = from.byte();
  if (width !== 1 && width !== 2 && width !== 4) throw wrong(`has numbers of ${width} bytes`);
  if (length % width !== 0) throw wrong('ends in the middle of a number');
  const delta = code === CODES.delta;
  const shift = delta ? from.byte() : UNORDERED;
  if (shift !== UNORDERED && shift >= 8 * width) throw wrong('orders its numbers by no bits');
  const start = delta ? inside(from.varint(), length) : 0;
  const planes = Array.from({ length: width }, () => takePacked(from));
  const form: Form = { width: width as Width, shift };
  return { kind: delta ? 'delta' : 'numbers', form, from: start, length, planes };
}
