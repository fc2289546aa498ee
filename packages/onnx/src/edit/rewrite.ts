import { type ByteSource, fromBytes, slice } from '@torsh/bytes';
import type { Span } from '../schema/message.ts';
import type { Nest } from '../tensor/find.ts';
import { varintBytes, varintWidth } from './varint.ts';

/** A stretch of a model that is replaced. */
export interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly ByteSource[];
  /** The messages around it. */
  readonly nest: Nest;
}

/** A message whose length changes. */
interface Frame {
  readonly span: Span;
  readonly parent: Frame | undefined;
  growth: number;
}

/**
 * A model with stretches replaced and the lengths around them put right; everything else is a window on the old one.
 * A length in more bytes than it needs keeps its bytes. So what takes weights out of a model and what puts them back
 * are the same operation, and the second gives back what the first was given.
 */
export function rewrite(source: ByteSource, edits: readonly Edit[]): Rewritten {
  const frames = framesOf(edits);
  const changes: Change[] = [...edits];
  // What is inside begins behind what is around it, so that this goes from the inside out.
  for (const { span, parent, growth } of [...frames.values()].sort((a, b) => b.span.offset - a.span.offset)) {
    const width = span.offset - span.prefix;
    const kept = width > varintWidth(span.length) ? width : 0;
    const bytes = varintBytes(span.length + growth, kept);
    if (growth !== 0) changes.push({ at: span.prefix, remove: width, insert: [fromBytes(bytes)] });
    if (parent !== undefined) parent.growth += growth + bytes.length - width;
  }
  return apply(source, changes);
}

type Change = Pick<Edit, 'at' | 'remove' | 'insert'>;

/** A model in its new form. */
export interface Rewritten {
  readonly pieces: readonly ByteSource[];
  /** Where each edit came to lie. */
  readonly places: ReadonlyMap<object, number>;
}

/** The messages around all edits, each once, by where their bodies begin. */
function framesOf(edits: readonly Edit[]): ReadonlyMap<number, Frame> {
  const frames = new Map<number, Frame>();
  for (const { at, remove, insert, nest } of edits) {
    const frame = frameOf(nest, at, frames);
    const grown = insert.reduce((sum, { size }) => sum + size, 0) - remove;
    if (frame !== undefined) frame.growth += grown;
  }
  return frames;
}

function frameOf(nest: Nest, at: number, frames: Map<number, Frame>): Frame | undefined {
  const fresh: Span[] = [];
  let frame: Frame | undefined;
  for (let each: Nest | undefined = nest; each !== undefined && frame === undefined; each = each.above) {
    const span = spanAround(each, at);
    frame = frames.get(span.offset);
    // The whole file has no length before it.
    if (frame === undefined && span.prefix >= 0) fresh.push(span);
  }
  for (const span of fresh.reverse()) {
    frame = { span, parent: frame, growth: 0 };
    frames.set(span.offset, frame);
  }
  return frame;
}

/** Of a message that the file has in parts, the part in which a place is: the last that begins before it. */
function spanAround({ message: { span, again } }: Nest, at: number): Span {
  let [low, high] = [0, again.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (again[middle]!.offset <= at) low = middle + 1;
    else high = middle;
  }
  return again[low - 1] ?? span;
}

function apply(source: ByteSource, changes: readonly Change[]): Rewritten {
  const pieces: ByteSource[] = [];
  const places = new Map<object, number>();
  let [done, length] = [0, 0];
  const add = (piece: ByteSource): void => {
    if (piece.size > 0) pieces.push(piece);
    length += piece.size;
  };
  // The sort is stable: of several insertions at one place the first stays first.
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const { at, remove, insert } = change;
    if (at > done) add(slice(source, done, at - done));
    places.set(change, length);
    for (const piece of insert) add(piece);
    done = at + remove;
  }
  if (source.size > done) add(slice(source, done, source.size - done));
  return { pieces, places };
}
