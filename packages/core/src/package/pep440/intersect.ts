import { complement, EVERYTHING, holdsPlace, intersect } from './interval.ts';
import { placeOf } from './order.ts';
import { parseSpecifiers, type Specifiers } from './specifier.ts';
import { formatPep440, isPrerelease, type Pep440Version, parsePep440 } from './version.ts';
import { witness } from './witness.ts';

/** What several specifiers leave over. */
export interface SpecifierIntersection {
  /** A version that all of them take, a release if there is one; absent if there is none. */
  readonly example?: string | undefined;
  /** True if only pre-releases are left: a program that installs takes them when they are asked for. */
  readonly prereleaseOnly: boolean;
}

/** Says whether a version can satisfy all of several specifiers. */
export function intersectSpecifiers(list: readonly (Specifiers | string)[]): SpecifierIntersection {
  const all = list.map((each) => (typeof each === 'string' ? parseSpecifiers(each) : each));
  const intervals = all.reduce((left, right) => intersect(left, right.intervals), EVERYTHING);
  const clauses = all.flatMap((each) => each.clauses);
  const [first, ...others] = clauses.filter(({ operator }) => operator === '===');
  if (first === undefined) return asked(witness(intervals));
  // Only the one text that === asks for can do, and it may be no version at all.
  const text = first.version;
  if (others.some(({ version }) => version.toLowerCase() !== text.toLowerCase())) return asked(undefined);
  if (others.length + 1 === clauses.length) return { example: text, prereleaseOnly: false };
  const version = readable(text);
  if (version === undefined || !holdsPlace(intervals, placeOf(version))) return asked(undefined);
  return { example: text, prereleaseOnly: isPrerelease(version) };
}

function asked(version: Pep440Version | undefined): SpecifierIntersection {
  if (version === undefined) return { prereleaseOnly: false };
  // People write 2.0, not 2.
  const release = version.release.length > 1 ? version.release : [...version.release, 0];
  return { example: formatPep440({ ...version, release }), prereleaseOnly: isPrerelease(version) };
}

function readable(text: string): Pep440Version | undefined {
  try {
    return parsePep440(text);
  } catch {
    return undefined;
  }
}

/** How many of the versions that `given` takes are excluded by `wanted`; `===` is a text, and cannot be told. */
export function excludesSpecifiers(given: Specifiers, wanted: Specifiers): 'none' | 'some' | 'all' {
  if (intersectSpecifiers([given, wanted]).example === undefined) return 'all';
  if ([...given.clauses, ...wanted.clauses].some(({ operator }) => operator === '===')) return 'some';
  const excluded = intersect(given.intervals, complement(wanted.intervals));
  return witness(excluded) === undefined ? 'none' : 'some';
}
