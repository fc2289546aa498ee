import type { Limits } from '@torsh/bytes';
import { checkLength, flawed } from '../version/text.ts';
import { before, behind, EVERYTHING, holdsPlace, type Interval, intersect } from './interval.ts';
import { behindLocals, behindPosts, placeOf } from './order.ts';
import { isPrerelease, type Pep440Version, parsePep440 } from './version.ts';

export type SpecifierOperator = '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>' | '===';

/** One clause of a specifier: `>=1.20`, `==1.4.*`. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** As it was written, with `.*`. */
  readonly version: string;
}

/** Versions of a Python package that somebody asks for: all clauses hold. */
export interface Specifiers {
  readonly clauses: readonly Specifier[];
  /** The versions for which all clauses but `===` hold, as sorted intervals. */
  readonly intervals: readonly Interval[];
}

/** `===` may ask for the empty text. */
const CLAUSE = /^(?:(===)\s*(\S*)|(~=|==|!=|<=|>=|<|>)\s*(\S+))$/;

/** Specifiers from their text: `>=1.20,<2,!=1.25.*`. An empty text asks for nothing. */
export function parseSpecifiers(text: string, limits?: Limits): Specifiers {
  checkLength(text, 'specifier', limits);
  const clauses: Specifier[] = [];
  let intervals = EVERYTHING;
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const match = CLAUSE.exec(part);
    if (match === null)
      throw flawed(text, 'a specifier of PEP 440', `${JSON.stringify(part)} is no operator and version`);
    const operator = (match[1] ?? match[3]) as SpecifierOperator;
    const clause = { operator, version: (match[2] ?? match[4])! };
    clauses.push(clause);
    if (clause.operator === '===') checkArbitrary(text, clause.version);
    else intervals = intersect(intervals, intervalsOf(text, clause));
  }
  return { clauses, intervals };
}

/** `===` takes almost anything, but neither the end of a requirement nor its parentheses. */
function checkArbitrary(text: string, version: string): void {
  if (/[;)]/.test(version))
    throw flawed(text, 'a specifier of PEP 440', `${version} has a character that ends it`);
}

/** The versions of one clause. */
function intervalsOf(text: string, { operator, version: written }: Specifier): readonly Interval[] {
  const fail = (flaw: string) => flawed(text, 'a specifier of PEP 440', flaw);
  const isPrefix = written.endsWith('.*');
  const version = parsePep440(isPrefix ? written.slice(0, -2) : written);
  if (isPrefix) {
    if (operator !== '==' && operator !== '!=') throw fail(`${operator} takes no .*`);
    if (!isPlain(version)) throw fail('.* follows numbers only');
    return operator === '==' ? [prefix(version)] : outside(prefix(version));
  }
  if (version.local.length > 0 && operator !== '==' && operator !== '!=') {
    throw fail(`${operator} takes no local version`);
  }
  if (operator === '~=' && version.release.length < 2) throw fail('~= wants two numbers, such as ~=1.4');
  return boundsOf(operator, version);
}

function boundsOf(operator: SpecifierOperator, version: Pep440Version): readonly Interval[] {
  const from = before(placeOf(version));
  switch (operator) {
    case '>=':
      return [{ from }];
    case '<=':
      return [{ to: behind(behindLocals(version)) }];
    case '<':
      // The pre-releases of a version are not below it for PEP 440, unless it is one itself.
      return [{ to: isPrerelease(version) ? from : before(placeOf({ ...version, dev: 0 })) }];
    case '>':
      // Nor are its post-releases above it, unless it is one itself.
      if (version.dev !== undefined || version.post !== undefined)
        return [{ from: behind(behindLocals(version)) }];
      return [{ from: behind(behindPosts(version)) }];
    case '~=':
      return [{ from, to: prefix({ ...version, release: version.release.slice(0, -1) }).to }];
    default: {
      // Without a local part, all local versions of the version are meant.
      const to = version.local.length > 0 ? behind(placeOf(version)) : behind(behindLocals(version));
      return operator === '==' ? [{ from, to }] : outside({ from, to });
    }
  }
}

/** The versions that begin with these numbers, their pre-releases too. */
function prefix({ epoch, release }: Pep440Version): Interval {
  const end = [...release.slice(0, -1), release.at(-1)! + 1];
  const start = (numbers: readonly number[]) =>
    before(placeOf({ epoch, release: numbers, dev: 0, local: [] }));
  return { from: start(release), to: start(end) };
}

function outside({ from, to }: Interval): readonly Interval[] {
  return [{ to: from }, { from: to }];
}

function isPlain({ pre, post, dev, local }: Pep440Version): boolean {
  return pre === undefined && post === undefined && dev === undefined && local.length === 0;
}

/** The text of specifiers, as pip prints it. */
export function formatSpecifiers({ clauses }: Specifiers): string {
  return clauses.map(({ operator, version }) => operator + version).join(',');
}

/**
 * True if a version is one of those asked for. Pre-releases are, as for Python's `packaging`: where there is one version there
 * is no other to prefer. `prereleases: false` leaves them out.
 */
export function satisfiesSpecifiers(
  version: string,
  specifiers: Specifiers | string,
  { prereleases = true }: { readonly prereleases?: boolean } = {},
): boolean {
  const { clauses, intervals } = typeof specifiers === 'string' ? parseSpecifiers(specifiers) : specifiers;
  const arbitrary = clauses.filter(({ operator }) => operator === '===');
  const same = arbitrary.every((clause) => clause.version.toLowerCase() === version.trim().toLowerCase());
  if (!same) return false;
  // Where only === is asked for, the version need not be one.
  if (prereleases && arbitrary.length === clauses.length && arbitrary.length > 0) return true;
  const given = parsePep440(version);
  return (prereleases || !isPrerelease(given)) && holdsPlace(intervals, placeOf(given));
}
