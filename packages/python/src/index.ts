export type { FoundModule, ModuleFinder } from './finder.ts';
export { inOrder, knownModules, sourceModules } from './finder.ts';
export type {
  DependencyFollower,
  DependencyNode,
  FollowOptions,
  ModuleAction,
  Problem,
  ProblemReason,
  Rule,
  RuleAction,
  UsedName,
} from './follow.ts';
export { followDependencies } from './follow.ts';
export type { GlobGroup, GlobGroupOptions, GlobPattern } from './glob.ts';
export { globGroup } from './glob.ts';
export type { Digraph } from './graph.ts';
export { allPaths, digraph, firstPath, toDot } from './graph.ts';
export type { Imports, ModulePlace, SourceFailure } from './imports.ts';
export { imports } from './imports.ts';
export { findDependencies } from './needed.ts';
export { packageModules } from './package-modules.ts';
export type { ImportReference } from './references.ts';
export { sourceRoots } from './source-roots.ts';
export type { StandardLibrary } from './standard/versions.ts';
export { standardLibrary } from './standard/versions.ts';
export type { TextErrors } from './text.ts';
export { decodeModule, decodeSource, decodeText } from './text.ts';
