import { before, leastOf, type Partial } from './partial.ts';
import type { Version } from './semver.ts';

/** One bound of a requirement. */
export interface Comparator {
  readonly operator: '<' | '<=' | '>' | '>=' | '=';
  readonly version: Version;
}

const from = (version: Version): Comparator => ({ operator: '>=', version });
const below = (version: Version): Comparator => ({ operator: '<', version });

/** Nothing goes before the least of all versions. */
const NOTHING: readonly Comparator[] = [below(before(0))];

/** The bounds that an operator with a partial version stands for. */
export function boundsOf(operator: string, partial: Partial): readonly Comparator[] {
  switch (operator) {
    case '^':
      return span(partial, beyondCaret(partial));
    case '~':
    case '~>':
      return span(
        partial,
        partial.minor === undefined ? beyond(partial) : beyond({ ...partial, patch: undefined }),
      );
    case '':
    case '=':
      if (partial.patch !== undefined) return [{ operator: '=', version: leastOf(partial) }];
      return span(partial, beyond(partial));
    default:
      return ordered(operator as '<' | '<=' | '>' | '>=', partial);
  }
}

/** The bounds of `least - most`. */
export function boundsBetween(least: Partial, most: Partial): readonly Comparator[] {
  const lower = least.major === undefined ? [] : [from(leastOf(least))];
  return most.major === undefined ? lower : [...lower, ...ordered('<=', most)];
}

function ordered(operator: '<' | '<=' | '>' | '>=', partial: Partial): readonly Comparator[] {
  const { major, minor = 0, patch } = partial;
  if (major === undefined) return operator === '>' || operator === '<' ? NOTHING : [];
  if (patch !== undefined) return [{ operator, version: leastOf(partial) }];
  if (operator === '<') return [below(before(major, minor))];
  if (operator === '>=') return [from(leastOf(partial))];
  const next = beyond(partial)!;
  return operator === '<=' ? [below(next)] : [from({ ...next, prerelease: [] })];
}

function span(partial: Partial, end: Version | undefined): readonly Comparator[] {
  return end === undefined ? [] : [from(leastOf(partial)), below(end)];
}

/** Where the versions end that begin with the known parts. */
function beyond({ major, minor, patch }: Partial): Version | undefined {
  if (major === undefined) return undefined;
  if (minor === undefined) return before(major + 1);
  return patch === undefined ? before(major, minor + 1) : before(major, minor, patch + 1);
}

/** Where the versions end that keep the first part that is not 0. */
function beyondCaret(partial: Partial): Version | undefined {
  const { major, minor, patch } = partial;
  if (major === undefined || major > 0 || minor === undefined)
    return beyond({ major, prerelease: [], wild: false });
  return minor > 0 || patch === undefined ? before(major, minor + 1) : beyond(partial);
}
