import { parseNumber, parseVersion, type Version } from './semver.ts';

/** A version of which the last parts may be left open: `1.2`, `1.x`, `*`. */
export interface Partial {
  readonly major?: number | undefined;
  readonly minor?: number | undefined;
  readonly patch?: number | undefined;
  readonly prerelease: readonly string[];
  /** True where a part is left open by a `*` or an `x`, and not by its absence. */
  readonly wild: boolean;
}

const WILD: readonly string[] = ['*', 'x', 'X'];

/** A partial version from its text, or what is wrong with it. */
export function parsePartial(text: string): Partial | string {
  const core = /^[^-+]*/.exec(text)![0];
  const parts = core.split('.');
  if (parts.length > 3) return `${JSON.stringify(text)} has more than three parts`;
  const known: number[] = [];
  let wild = false;
  for (const part of parts) {
    if (WILD.includes(part)) wild = true;
    else if (wild) return `in ${JSON.stringify(text)} a number follows a wildcard`;
    else {
      const number = parseNumber(part);
      if (typeof number === 'string') return number;
      known.push(number);
    }
  }
  const [major, minor, patch] = known;
  if (known.length < 3 && core !== text)
    return `${JSON.stringify(text)} has a pre-release or a build but not three numbers`;
  const prerelease = known.length === 3 ? parseVersion(text).prerelease : [];
  return { major, minor, patch, prerelease, wild };
}

/** The least version that a partial one means; its open parts are 0. */
export function leastOf({ major = 0, minor = 0, patch = 0, prerelease }: Partial): Version {
  return { major, minor, patch, prerelease, build: [] };
}

/** Before all versions of these numbers, their pre-releases too: `2.0.0-0`. */
export function before(major: number, minor = 0, patch = 0): Version {
  return { major, minor, patch, prerelease: ['0'], build: [] };
}
