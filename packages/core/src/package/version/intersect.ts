import { type Requirement, satisfies } from './requirement.ts';
import { compareVersions, type Version } from './semver.ts';

/**
 * A version that satisfies all requirements, the least one that does, a release if there is one; `undefined` if none does.
 * Where versions satisfy all, the least of them stands at the edge of some bound, so only those are tried.
 */
export function intersectRequirements(requirements: readonly Requirement[]): Version | undefined {
  const bounds = requirements.flatMap(({ alternatives }) => alternatives.flat());
  const candidates = [version(0, 0, 0), ...bounds.flatMap(({ version }) => edgesOf(version))];
  candidates.sort((a, b) => Number(isPrerelease(a)) - Number(isPrerelease(b)) || compareVersions(a, b));
  return candidates.find((candidate) =>
    requirements.every((requirement) => satisfies(candidate, requirement)),
  );
}

/** A bound and the versions right behind it; the pre-releases of its numbers begin at `-0`. */
function edgesOf(bound: Version): readonly Version[] {
  const { major, minor, patch, prerelease } = bound;
  const release = version(major, minor, patch);
  if (prerelease.length === 0) return [release, version(major, minor, patch + 1)];
  return [
    release,
    version(major, minor, patch, prerelease),
    version(major, minor, patch, [...prerelease, '0']),
    version(major, minor, patch, ['0']),
  ];
}

function version(major: number, minor: number, patch: number, prerelease: readonly string[] = []): Version {
  return { major, minor, patch, prerelease, build: [] };
}

function isPrerelease({ prerelease }: Version): boolean {
  return prerelease.length > 0;
}
