import type { Limits } from '@torsh/bytes';
import { imports } from '@torsh/python';

/** What a Python source imports, in the order in which it does first. */
export interface KnownImports {
  readonly names: readonly (readonly [module: string, member: string | undefined])[];
}

/** Why that cannot be told; `syntax` where the source is no Python at all. */
export interface UnknownImports {
  readonly failure: string;
  readonly syntax: boolean;
}

export type Imports = KnownImports | UnknownImports;

/** Reads a source for what it imports. */
export function importsOf(source: string, module: string, isPackage: boolean, limits: Limits): Imports {
  const { references, failure } = imports(source, { module, isPackage }, limits);
  if (failure !== undefined) return { failure: failure.message, syntax: failure.line !== undefined };
  return { names: references.map((reference) => [reference.module, reference.name] as const) };
}
