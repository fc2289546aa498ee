import type { ByteSource, ReadOptions } from '@torsh/bytes';
import { SHORTEST, type Thread } from './weave.ts';

/** A stretch of a file. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** Finds bytes of a file again, wherever they are in another. */
export interface Matcher {
  /** Threads that make `target`, and the new bytes among them. */
  match(target: Uint8Array, options?: ReadOptions): Promise<Matched>;
}

export interface Matched {
  readonly threads: readonly Thread[];
  readonly literals: Uint8Array;
}

/** The shortest stretch that is remembered. */
const STRETCH = 32;

/** How many stretches are remembered; of more bytes, fewer and longer stretches are. */
const REMEMBERED = 2 ** 19;

/** So many bytes may differ before two files that went side by side are believed to have parted. */
const DETOUR = 256;

const MULTIPLIER = 0x01000193;

/**
 * Remembers stretches of the given parts of a base, by a rolling sum as rsync does it. Memory is bounded: the more bytes
 * there are, the longer are the stretches.
 */
export async function matcher(
  base: ByteSource,
  parts: readonly Range[],
  options?: ReadOptions,
): Promise<Matcher> {
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  let stretch = STRETCH;
  while (total / stretch > REMEMBERED) stretch *= 2;
  let slots = 1024;
  while (slots < (total / stretch) * 2) slots *= 2;
  const starts = new Float64Array(slots).fill(-1);
  const sums = new Uint32Array(slots);
  for (const { offset, size } of parts) {
    for (let at = 0; at + stretch <= size; at += READ) {
      const bytes = await base.read(offset + at, Math.min(READ, size - at), options);
      for (let start = 0; start + stretch <= bytes.length; start += stretch) {
        const sum = sumOf(bytes, start, stretch);
        const slot = slotOf(sum, slots);
        // The first of equal ones stays: what follows it is then found by going on.
        if (starts[slot]! >= 0) continue;
        starts[slot] = offset + at + start;
        sums[slot] = sum;
      }
    }
  }
  return { match: (target, more) => match(target, { base, starts, sums, stretch }, more ?? options) };
}

/** A multiple of every stretch that is ever used for so few bytes. */
const READ = 2 ** 20;

interface Memory {
  readonly base: ByteSource;
  readonly starts: Float64Array;
  readonly sums: Uint32Array;
  readonly stretch: number;
}

async function match(target: Uint8Array, memory: Memory, options?: ReadOptions): Promise<Matched> {
  const { base, starts, sums, stretch } = memory;
  const threads: Thread[] = [];
  const literals: Uint8Array[] = [];
  const near = nearby(base, options);
  let settled = 0;
  const settle = (literalEnd: number, from: number, copied: number): void => {
    literals.push(target.subarray(settled, literalEnd));
    threads.push({ literal: literalEnd - settled, from, copied });
    settled = literalEnd + copied;
  };
  const drop = power(stretch);
  let at = 0;
  let sum = target.length >= stretch ? sumOf(target, 0, stretch) : 0;
  while (at + stretch <= target.length) {
    const slot = slotOf(sum, starts.length);
    const start = starts[slot]! >= 0 && sums[slot] === sum ? starts[slot]! : -1;
    const found = start < 0 ? undefined : await near.extend(target, settled, at, start, stretch);
    if (found === undefined) {
      if (at + stretch < target.length) sum = roll(sum, target[at]!, target[at + stretch]!, drop);
      at++;
      continue;
    }
    settle(found.at, found.from, found.length);
    // Where one value was replaced by another of the same length, the files go on side by side behind it.
    for (;;) {
      const resumed = await near.resume(target, settled, threads.at(-1)!);
      if (resumed === undefined) break;
      settle(resumed.at, resumed.from, resumed.length);
    }
    at = settled;
    if (at + stretch <= target.length) sum = sumOf(target, at, stretch);
  }
  if (settled < target.length) settle(target.length, 0, 0);
  return { threads, literals: joined(literals) };
}

interface Found {
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

/** Compares a target with places of the base, of which one page is at hand. */
function nearby(base: ByteSource, options?: ReadOptions) {
  let page = new Uint8Array(0);
  let pageAt = 0;
  const byteAt = async (offset: number): Promise<number> => {
    if (offset < pageAt || offset >= pageAt + page.length) {
      pageAt = Math.max(0, offset - PAGE / 4);
      page = (await base.read(pageAt, Math.min(PAGE, base.size - pageAt), options)).slice();
    }
    return page[offset - pageAt]!;
  };
  /** How many bytes are equal from here on; pages are asked for only where one ends. */
  const equal = async (target: Uint8Array, at: number, from: number, most: number): Promise<number> => {
    const limit = Math.min(most, target.length - at, base.size - from);
    let same = 0;
    while (same < limit) {
      if ((await byteAt(from + same)) !== target[at + same]) return same;
      same++;
      const inPage = Math.min(limit, pageAt + page.length - from);
      while (same < inPage && page[from + same - pageAt] === target[at + same]) same++;
    }
    return same;
  };
  return {
    async extend(
      target: Uint8Array,
      settled: number,
      at: number,
      from: number,
      stretch: number,
    ): Promise<Found | undefined> {
      const length = await equal(target, at, from, Number.POSITIVE_INFINITY);
      if (length < stretch) return undefined;
      let back = 0;
      while (at - back > settled && from - back > 0) {
        if ((await byteAt(from - back - 1)) !== target[at - back - 1]) break;
        back++;
      }
      return { at: at - back, from: from - back, length: length + back };
    },
    async resume(target: Uint8Array, settled: number, last: Thread): Promise<Found | undefined> {
      const from = last.from + last.copied;
      const limit = Math.min(DETOUR, target.length - settled, base.size - from);
      let run = 0;
      for (let ahead = 0; ahead < limit; ahead++) {
        run = (await byteAt(from + ahead)) === target[settled + ahead] ? run + 1 : 0;
        if (run < SHORTEST) continue;
        const skipped = ahead + 1 - run;
        const rest = await equal(target, settled + ahead + 1, from + ahead + 1, Number.POSITIVE_INFINITY);
        return { at: settled + skipped, from: from + skipped, length: run + rest };
      }
      return undefined;
    },
  };
}

const PAGE = 64 * 1024;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function sumOf(bytes: Uint8Array, start: number, length: number): number {
  let sum = 0;
  for (let at = start; at < start + length; at++) sum = (Math.imul(sum, MULTIPLIER) + bytes[at]! + 1) | 0;
  return sum >>> 0;
}

/** The factor of a byte that leaves a sum of so many bytes. */
function power(length: number): number {
  let factor = 1;
  for (let times = 1; times < length; times++) factor = Math.imul(factor, MULTIPLIER);
  return factor;
}

function roll(sum: number, leaving: number, entering: number, drop: number): number {
  return (Math.imul(sum - Math.imul(leaving + 1, drop), MULTIPLIER) + entering + 1) >>> 0;
}

function slotOf(sum: number, slots: number): number {
  return (Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) >>> 8) & (slots - 1);
}
