import type { Limits } from '@torsh/bytes';
import { checkLength, compareDigits, compareText, flawed } from './text.ts';

/** A version of SemVer 2.0.0. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The identifiers of a pre-release: `['rc', '1']`. Empty for a release. */
  readonly prerelease: readonly string[];
  /** Build metadata. It has no part in the order. */
  readonly build: readonly string[];
}

/** What `incrementVersion` can make larger. */
export type VersionIncrement = 'major' | 'minor' | 'patch' | 'prerelease';

const DIGITS = /^\d+$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;

/** A version from its text; strict: no `v`, no missing part, no leading zero. */
export function parseVersion(text: string, limits?: Limits): Version {
  checkLength(text, 'version', limits);
  const fail = (flaw: string) => flawed(text, 'a version of SemVer 2.0.0', flaw);
  const [withoutBuild, build] = cut(text, '+');
  const [core, prerelease] = cut(withoutBuild, '-');
  const numbers = core.split('.').map((part) => {
    const number = parseNumber(part);
    if (typeof number === 'string') throw fail(number);
    return number;
  });
  const [major, minor, patch] = numbers;
  if (numbers.length !== 3) throw fail('write three numbers, such as 1.2.3');
  return {
    major: major!,
    minor: minor!,
    patch: patch!,
    prerelease: identifiers(prerelease, fail, true),
    build: identifiers(build, fail, false),
  };
}

/** A part of a version core: its value, or what is wrong with it. */
export function parseNumber(part: string): number | string {
  if (!DIGITS.test(part)) return part === '' ? 'a number is missing' : `${JSON.stringify(part)} is no number`;
  if (part.length > 1 && part.startsWith('0')) return `${part} begins with a zero`;
  const value = Number(part);
  return Number.isSafeInteger(value) ? value : `${part} is above 2^53`;
}

function identifiers(
  text: string | undefined,
  fail: (flaw: string) => Error,
  ordered: boolean,
): readonly string[] {
  if (text === undefined) return [];
  return text.split('.').map((part) => {
    if (!IDENTIFIER.test(part)) throw fail(`${JSON.stringify(part)} is no identifier`);
    if (ordered && part.length > 1 && part.startsWith('0') && DIGITS.test(part))
      throw fail(`${part} begins with a zero`);
    return part;
  });
}

/** The text before the first mark, and what is behind it. */
function cut(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The text of a version. */
export function formatVersion({ major, minor, patch, prerelease, build }: Version): string {
  const before = prerelease.length > 0 ? `-${prerelease.join('.')}` : '';
  const behind = build.length > 0 ? `+${build.join('.')}` : '';
  return `${major}.${minor}.${patch}${before}${behind}`;
}

/** Below 0, 0 or above 0 as `a` goes before, beside or behind `b`; build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  // A release goes behind all of its pre-releases.
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [DIGITS.test(a), DIGITS.test(b)];
  if (left !== right) return left ? -1 : 1;
  return left ? compareDigits(a, b) : compareText(a, b);
}

/**
 * The next version, as npm counts: a pre-release goes to its release first (`1.3.0-rc.1` and `minor` give `1.3.0`), and
 * `prerelease` makes the last number of a pre-release larger, or begins one of the next patch, called `name`.
 */
export function incrementVersion(version: Version, by: VersionIncrement, name?: string): Version {
  const { major, minor, patch, prerelease } = version;
  const isPrerelease = prerelease.length > 0;
  const next = (major: number, minor: number, patch: number, prerelease: readonly string[] = []) =>
    // Through the parser, so that a name or a number that no version can have ends here.
    parseVersion(formatVersion({ major, minor, patch, prerelease, build: [] }));
  switch (by) {
    case 'major':
      return next(isPrerelease && minor === 0 && patch === 0 ? major : major + 1, 0, 0);
    case 'minor':
      return next(major, isPrerelease && patch === 0 ? minor : minor + 1, 0);
    case 'patch':
      return next(major, minor, isPrerelease ? patch : patch + 1);
    case 'prerelease':
      return next(major, minor, isPrerelease ? patch : patch + 1, nextPrerelease(prerelease, name));
    default:
      throw new TypeError(`a version has no ${JSON.stringify(by)} to increment`);
  }
}

function nextPrerelease(prerelease: readonly string[], name: string | undefined): readonly string[] {
  if (name !== undefined && (prerelease[0] !== name || !DIGITS.test(prerelease[1] ?? ''))) return [name, '0'];
  const at = prerelease.findLastIndex((part) => DIGITS.test(part));
  if (at < 0) return [...prerelease, '0'];
  return prerelease.with(at, String(BigInt(prerelease[at]!) + 1n));
}
