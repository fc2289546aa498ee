import { firstDifference } from './same.ts';

/** A part of two blocks that is the same in both, or is not. */
export interface Part {
  readonly same: boolean;
  readonly start: number;
  readonly end: number;
}

/** What is compared at once; a multiple of every width of numbers. */
const PAGE = 4096;

/** As many equal pages as are worth a copy between two deltas, each of which learns its distribution anew. */
const WORTH = 4;

/** Two blocks of one length as parts that are equal and parts that are not. */
export function partsOf(a: Uint8Array, b: Uint8Array): Part[] {
  const parts: Part[] = [];
  const add = (same: boolean, start: number, end: number): void => {
    const last = parts.at(-1);
    if (last?.same === same) parts[parts.length - 1] = { same, start: last.start, end };
    else parts.push({ same, start, end });
  };
  for (let start = 0; start < a.length; ) {
    const different = firstDifference(a, b, start);
    const firstBad = different === a.length ? a.length : Math.floor(different / PAGE) * PAGE;
    if (firstBad > start) {
      const few = firstBad - start < WORTH * PAGE && parts.length > 0 && firstBad < a.length;
      add(!few, start, firstBad);
      start = firstBad;
      continue;
    }
    const end = Math.min(start + PAGE, a.length);
    add(false, start, end);
    start = end;
  }
  return parts;
}
