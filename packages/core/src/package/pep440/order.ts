import { compareText } from '../version/text.ts';
import type { Pep440Version } from './version.ts';

/**
 * A place on the line of all versions: a version, or a point behind a family of versions. Everything but the local part is
 * numbers: what is absent counts as the infinity on whose side it sorts.
 */
export interface Place {
  readonly numbers: readonly [epoch: number, kind: number, pre: number, post: number, dev: number];
  /** Without zeros at its end: 1.0 and 1 are one version. */
  readonly release: readonly number[];
  /** `'last'` is behind every local version. */
  readonly local: readonly (string | number)[] | 'last';
}

const RANKS = { a: 0, b: 1, rc: 2 } as const;

/** Where a version lies. */
export function placeOf({ epoch, release, pre, post, dev, local }: Pep440Version): Place {
  // 1.0.dev1 goes before 1.0a1, but 1.0.post1.dev1 goes behind 1.0.
  const onlyDev = dev !== undefined && post === undefined;
  const kind = pre === undefined ? (onlyDev ? -Infinity : Infinity) : RANKS[pre[0]];
  return {
    numbers: [epoch, kind, pre?.[1] ?? 0, post ?? -Infinity, dev ?? Infinity],
    release: release.slice(0, release.findLastIndex((part) => part > 0) + 1),
    local,
  };
}

/** Behind `1.0` and all its local versions, before `1.0.post0.dev0`. */
export function behindLocals(version: Pep440Version): Place {
  return { ...placeOf(version), local: 'last' };
}

/** Behind `1.0` and all its post-releases, before the next release. */
export function behindPosts(version: Pep440Version): Place {
  const { numbers, release } = placeOf({ ...version, dev: undefined });
  return { release, numbers: [numbers[0], numbers[1], numbers[2], Infinity, Infinity], local: 'last' };
}

/** Below 0, 0 or above 0 as `a` goes before, at or behind `b`. */
export function comparePlaces(a: Place, b: Place): number {
  const [epoch, ...suffix] = a.numbers;
  const [otherEpoch, ...otherSuffix] = b.numbers;
  return (
    compareNumbers([epoch], [otherEpoch]) ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(suffix, otherSuffix) ||
    compareLocals(a.local, b.local)
  );
}

/** The order of PEP 440; local versions count. */
export function comparePep440(a: Pep440Version, b: Pep440Version): number {
  return comparePlaces(placeOf(a), placeOf(b));
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left > right) return 1;
    if (left < right) return -1;
  }
  return a.length - b.length;
}

function compareLocals(a: Place['local'], b: Place['local']): number {
  if (a === 'last' || b === 'last') return Number(a === 'last') - Number(b === 'last');
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    // A word goes before a number.
    if (typeof left === 'number' || typeof right === 'number') return typeof left === 'number' ? 1 : -1;
    return compareText(left, right);
  }
  return a.length - b.length;
}
