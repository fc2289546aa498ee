export type { GlobGroup, GlobGroupOptions, GlobPattern } from './glob.ts';
export { globGroup } from './glob.ts';
export type { Digraph } from './graph.ts';
export { allPaths, digraph, firstPath, toDot } from './graph.ts';
export type { Imports, ModulePlace, SourceFailure } from './imports.ts';
export { imports } from './imports.ts';
export type { ImportReference } from './references.ts';
