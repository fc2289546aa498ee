import { endless, exhausted } from './failure.ts';

// Where the argument of an opcode lies that does not fit before `limit`, which is the end of the frame in buffered
// reading and otherwise the end of all. These are functions of numbers, so that the loop keeps its place in a local
// variable; whoever calls them goes on without a frame.

const LF = 0x0a;

/**
 * Where `count` bytes that do not fit begin: behind the frame if there is one, as CPython reads them; or where they
 * are, for the content of bytes, which CPython alone takes `across` the end of a frame.
 */
export function beyond(
  at: number,
  count: number,
  limit: number,
  end: number,
  offset: number,
  cut: boolean,
  across: boolean,
): number {
  const from = limit === end || across ? at : limit;
  if (from + count > end) throw exhausted(count, end - from, offset, cut);
  return from;
}

/** Where the newline is that ends the line at `at`; at or behind `limit` where the line lies behind the frame. */
export function lineEnd(
  bytes: Uint8Array,
  at: number,
  limit: number,
  end: number,
  offset: number,
  cut: boolean,
): number {
  const here = bytes.indexOf(LF, at);
  if (here >= 0 && here < limit) return here;
  const behind = limit === end ? -1 : bytes.indexOf(LF, limit);
  if (behind < 0 || behind >= end) throw endless(offset, cut);
  return behind;
}
