import type { ResourceRole } from '@torsh/core';

export const MANIFEST = 'MANIFEST.json';
/** The end of the name of an entry that says something of another. */
export const SIDECAR = '.metadata';

/** What the crate calls a resource. */
export type CrateType =
  | 'Model'
  | 'Source'
  | 'Data'
  | 'Config'
  | 'Documentation'
  | 'License'
  | 'Binary'
  | 'Text'
  | 'Metadata';

const PREFIXES: readonly (readonly [prefix: string, type: CrateType])[] = [
  ['models/', 'Model'],
  ['src/', 'Source'],
  ['data/', 'Data'],
  ['config/', 'Config'],
  ['docs/', 'Documentation'],
];

/** Behind another prefix, the ending decides. */
const ENDINGS: ReadonlyMap<string, CrateType> = new Map<string, CrateType>([
  ...['model', 'pth', 'pt', 'torsh'].map((ending) => [ending, 'Model'] as const),
  ['rs', 'Source'],
  ['json', 'Metadata'],
  ...['toml', 'yaml', 'yml'].map((ending) => [ending, 'Config'] as const),
  ...['md', 'rst'].map((ending) => [ending, 'Documentation'] as const),
  ...['txt', 'license'].map((ending) => [ending, 'License'] as const),
  ...['bin', 'dat'].map((ending) => [ending, 'Binary'] as const),
]);

/** The last segment of a path: all that the crate keeps of it. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The type that the crate sees when it loads an entry. */
export function typeOf(path: string): CrateType {
  const prefix = PREFIXES.find(([each]) => path.startsWith(each));
  if (prefix !== undefined) return prefix[1];
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  return (ending === undefined ? undefined : ENDINGS.get(ending)) ?? 'Data';
}

/** Where the crate puts a resource of a type. */
export function folderOf(type: CrateType): string {
  return PREFIXES.find(([, each]) => each === type)?.[0] ?? 'resources/';
}

const ROLES: Readonly<Record<CrateType, ResourceRole>> = {
  // Bytes that somebody will load as a model, of whatever kind.
  Model: 'program',
  Source: 'code',
  Data: 'data',
  Config: 'config',
  Documentation: 'document',
  License: 'licence',
  Binary: 'other',
  Text: 'document',
  Metadata: 'other',
};

/** What a resource of a type is to torsh. */
export function roleOf(type: CrateType): ResourceRole {
  return ROLES[type];
}

const TYPES: Readonly<Record<ResourceRole, CrateType>> = {
  program: 'Binary',
  code: 'Source',
  config: 'Config',
  tokenizer: 'Data',
  document: 'Documentation',
  licence: 'License',
  data: 'Data',
  other: 'Binary',
};

/** What a resource is to the crate. */
export function typeOfRole(role: ResourceRole): CrateType {
  return TYPES[role];
}
