import type { Limits } from '@torsh/bytes';
import { boundsBetween, boundsOf, type Comparator } from './desugar.ts';
import { type Partial, parsePartial } from './partial.ts';
import { compareVersions, formatVersion, parseVersion, type Version } from './semver.ts';
import { checkLength, flawed } from './text.ts';

/** Versions that somebody asks for: any of the alternatives, of each all bounds. */
export interface Requirement {
  readonly text: string;
  /** No bounds at all means every release. */
  readonly alternatives: readonly (readonly Comparator[])[];
}

/** How a requirement is read. The dialects differ in what stands between bounds, and in what a bare version means. */
export type RequirementDialect = 'torsh' | 'npm' | 'cargo';

/** How a requirement is read. */
export interface RequirementOptions {
  readonly dialect?: RequirementDialect | undefined;
  readonly limits?: Limits | undefined;
}

/** An operator, and the version that follows it. */
const BOUND = /^(>=|<=|~>|[<>=^~]?)\s*([^\s,<>=^~|]*)/;
const HYPHEN = /^(\S+)\s+-\s+(\S+)$/;

/** A requirement from its text: `>=1.0.0,<2.0.0`, `^1.2`, `~1.2.3`, `1.x || 2.0.0 - 2.4`, `*`. */
export function parseRequirement(text: string, options: RequirementOptions = {}): Requirement {
  const { dialect = 'torsh', limits } = options;
  checkLength(text, 'requirement', limits);
  const fail: Fail = (flaw) => flawed(text, 'a requirement', flaw);
  const parts = dialect === 'cargo' ? [text] : text.split('||');
  return { text, alternatives: parts.map((part) => parseAlternative(part.trim(), dialect, fail)) };
}

type Fail = (flaw: string) => Error;

function parseAlternative(text: string, dialect: RequirementDialect, fail: Fail): readonly Comparator[] {
  if (text === '') {
    if (dialect === 'cargo') throw fail('it is empty; write * for every version');
    return [];
  }
  const hyphen = dialect === 'cargo' ? null : HYPHEN.exec(text);
  if (hyphen !== null) return boundsBetween(partialOf(hyphen[1]!, fail), partialOf(hyphen[2]!, fail));
  return [...parseBounds(text, dialect, fail)];
}

function* parseBounds(text: string, dialect: RequirementDialect, fail: Fail): Generator<Comparator> {
  let rest = text;
  for (;;) {
    const [whole, operator, version] = BOUND.exec(rest)! as unknown as [string, string, string];
    if (version === '')
      throw fail(`a version is missing before ${JSON.stringify(rest.slice(whole.length) || 'its end')}`);
    const partial = partialOf(version, fail);
    yield* boundsOf(operator === '' && dialect === 'cargo' && !partial.wild ? '^' : operator, partial);
    rest = rest.slice(whole.length);
    if (rest === '') return;
    rest = behindSeparator(rest, dialect, fail);
  }
}

/** What follows a comma (Cargo), white space (npm), or either. */
function behindSeparator(rest: string, dialect: RequirementDialect, fail: Fail): string {
  const next = rest.trimStart();
  const comma = next.startsWith(',');
  if (comma && dialect === 'npm') throw fail('npm puts a space between two bounds, not a comma');
  if (!comma && dialect === 'cargo') throw fail('Cargo puts a comma between two bounds');
  if (!comma && next.length === rest.length && !/^[<>=^~]/.test(next))
    throw fail(`${JSON.stringify(next[0])} stands where a bound should end`);
  return comma ? next.slice(1).trimStart() : next;
}

function partialOf(text: string, fail: Fail): Partial {
  // npm writes v1.2.3 too.
  const partial = parsePartial(text.replace(/^v(?=\d)/, ''));
  if (typeof partial === 'string') throw fail(partial);
  return partial;
}

/** The bounds of a requirement as text that npm reads too. */
export function formatRequirement({ alternatives }: Requirement): string {
  const texts = alternatives.map((bounds) =>
    bounds
      .map(({ operator, version }) => (operator === '=' ? '' : operator) + formatVersion(version))
      .join(' '),
  );
  return texts.includes('') ? '*' : texts.join(' || ');
}

/**
 * True if a version is one of those asked for. A pre-release is only where one of the bounds is a pre-release of the same
 * three numbers: who asks for `>=1.0.0` did not ask for `2.0.0-alpha`.
 */
export function satisfies(version: Version | string, requirement: Requirement | string): boolean {
  const given = typeof version === 'string' ? parseVersion(version) : version;
  const wanted = typeof requirement === 'string' ? parseRequirement(requirement) : requirement;
  return wanted.alternatives.some(
    (bounds) => bounds.every((bound) => holds(given, bound)) && admitsPrerelease(given, bounds),
  );
}

function holds(version: Version, { operator, version: bound }: Comparator): boolean {
  const order = compareVersions(version, bound);
  if (operator === '=') return order === 0;
  return (order === 0 && operator.endsWith('=')) || (operator.startsWith('<') ? order < 0 : order > 0);
}

function admitsPrerelease(
  { major, minor, patch, prerelease }: Version,
  bounds: readonly Comparator[],
): boolean {
  if (prerelease.length === 0) return true;
  return bounds.some(
    ({ version }) =>
      version.prerelease.length > 0 &&
      version.major === major &&
      version.minor === minor &&
      version.patch === patch,
  );
}
