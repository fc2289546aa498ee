import type { Archive, Json, JsonObject } from '@torsh/core';
import { TORCH } from '../../object/namespace.ts';
import { isObject } from './parse-facts.ts';

/** Where an archive says what a manifest says: name, version, dependencies. */
export const PACKAGE = 'torsh';

/** The extern modules of a package, as what is needed to use it: a package without them says nothing of itself. */
export function describeExterns(externs: readonly string[]): { readonly [namespace: string]: JsonObject } {
  return externs.length === 0 ? {} : { [PACKAGE]: { dependencies: { modules: [...externs] } } };
}

/** The modules that an archive says it needs. */
export function statedModules({ metadata }: Archive): readonly string[] {
  const modules = member(member(metadata[PACKAGE], 'dependencies'), 'modules');
  return Array.isArray(modules) ? modules.filter((each) => typeof each === 'string') : [];
}

/** The extern modules of the package that an archive was. */
export function externsIn({ metadata }: Archive): readonly string[] {
  const externs = member(metadata[TORCH], 'externs');
  return Array.isArray(externs) ? externs.filter((each) => typeof each === 'string') : [];
}

/** What an archive says of itself that a list of modules cannot say, by its keys. */
export function unsaid({ metadata }: Archive): readonly string[] {
  const said = metadata[PACKAGE];
  if (!isObject(said)) return said === undefined ? [] : [PACKAGE];
  return Object.entries(said).flatMap(([key, value]) =>
    key === 'dependencies' && isObject(value)
      ? Object.keys(value).flatMap((kind) => (kind === 'modules' ? [] : [`dependencies.${kind}`]))
      : [key],
  );
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
