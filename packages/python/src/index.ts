export type { GlobGroup, GlobGroupOptions, GlobPattern } from './glob.ts';
export { globGroup } from './glob.ts';
export type { Digraph } from './graph.ts';
export { allPaths, digraph, firstPath, toDot } from './graph.ts';
