import { comparePlaces, type Place } from './order.ts';

/** A cut through the line of versions, before or behind a place. */
export interface Cut {
  readonly place: Place;
  readonly behind: boolean;
}

/** All versions between two cuts; an open end has none. */
export interface Interval {
  readonly from?: Cut | undefined;
  readonly to?: Cut | undefined;
}

/** Every version. */
export const EVERYTHING: readonly Interval[] = [{}];

export const before = (place: Place): Cut => ({ place, behind: false });
export const behind = (place: Place): Cut => ({ place, behind: true });

function compareCuts(a: Cut, b: Cut): number {
  return comparePlaces(a.place, b.place) || Number(a.behind) - Number(b.behind);
}

/** True if a place lies in one of the intervals. */
export function holdsPlace(intervals: readonly Interval[], place: Place): boolean {
  return intervals.some(
    ({ from, to }) =>
      (from === undefined || isBelow(from, place)) && (to === undefined || !isBelow(to, place)),
  );
}

/** True if a cut is before a place. */
function isBelow({ place, behind }: Cut, other: Place): boolean {
  const order = comparePlaces(place, other);
  return order < 0 || (order === 0 && !behind);
}

/** What lies in both lists; each is sorted, and its intervals do not touch. */
export function intersect(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  const common: Interval[] = [];
  for (let [l, r] = [0, 0]; l < left.length && r < right.length; ) {
    const [a, b] = [left[l]!, right[r]!];
    const from = later(a.from, b.from);
    const leftEnds = b.to === undefined || (a.to !== undefined && compareCuts(a.to, b.to) < 0);
    const to = leftEnds ? a.to : b.to;
    if (from === undefined || to === undefined || compareCuts(from, to) < 0) common.push({ from, to });
    if (leftEnds) l++;
    else r++;
  }
  return common;
}

function later(a: Cut | undefined, b: Cut | undefined): Cut | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareCuts(a, b) < 0 ? b : a;
}

/** What lies in none of the intervals, which are sorted. */
export function complement(intervals: readonly Interval[]): readonly Interval[] {
  const rest: Interval[] = [];
  let from: Cut | undefined;
  for (const [index, interval] of intervals.entries()) {
    if (index > 0 || interval.from !== undefined) rest.push({ from, to: interval.from });
    if (interval.to === undefined) return rest;
    from = interval.to;
  }
  return [...rest, { from }];
}
