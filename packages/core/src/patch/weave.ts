import { TorshError } from '@torsh/bytes';
import { reader, unzigzag, writer, zigzag } from './varint.ts';

/** A stretch of new bytes, and behind it a stretch of the base. */
export interface Thread {
  readonly literal: number;
  readonly from: number;
  readonly copied: number;
}

/** What a thread copies at least; only the last one may copy nothing. */
export const SHORTEST: number = 16;

/** The threads of a weave as bytes; places in the base are told by how far they are from the end of the last one. */
export function formatThreads(threads: readonly Thread[]): Uint8Array {
  const to = writer();
  let last = 0;
  for (const { literal, from, copied } of threads) {
    to.varint(literal);
    to.varint(copied);
    if (copied === 0) continue;
    to.varint(zigzag(from - last));
    last = from + copied;
  }
  return to.take();
}

/** What the threads must fit. */
export interface Loom {
  readonly length: number;
  readonly literals: number;
  readonly baseSize: number;
  readonly path: string;
}

/** The threads of a weave, each checked against the base and the bytes that there are. */
export function parseThreads(bytes: Uint8Array, { length, literals, baseSize, path }: Loom): Thread[] {
  const wrong = (what: string): TorshError =>
    new TorshError('malformed', `${path} has a weave that ${what}.`, { path });
  const from = reader(bytes, path);
  const threads: Thread[] = [];
  let [made, used, last] = [0, 0, 0];
  while (from.left > 0) {
    const literal = from.varint();
    const copied = from.varint();
    // Short copies would make a reader go to the base for every few bytes.
    if (copied < SHORTEST && (copied > 0 || literal === 0 || from.left > 0)) throw wrong('copies too little');
    const start = copied === 0 ? last : last + unzigzag(from.varint());
    used += literal;
    made += literal + copied;
    if (used > literals || made > length) throw wrong('makes more bytes than it says');
    if (start < 0 || start + copied > baseSize) throw wrong('copies from outside of the base');
    threads.push({ literal, from: start, copied });
    last = start + copied;
  }
  if (made !== length || used !== literals) throw wrong('makes fewer bytes than it says');
  return threads;
}
