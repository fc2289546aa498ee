export type { Comparator } from './desugar.ts';
export { intersectRequirements } from './intersect.ts';
export type { Requirement, RequirementDialect, RequirementOptions } from './requirement.ts';
export { formatRequirement, parseRequirement, satisfies } from './requirement.ts';
export type { Version, VersionIncrement } from './semver.ts';
export { compareVersions, formatVersion, incrementVersion, parseVersion } from './semver.ts';
