import type { Limits } from '@torsh/bytes';
import { environmentOf } from '../export/environment/environment.ts';
import { importsOf } from '../export/imports.ts';
import type { PackageImporter } from '../read/importer.ts';
import type { ModuleTree } from '../read/module-tree.ts';
import type { SourceEdit } from './edits.ts';

/** What new sources need from outside of the package. */
export interface Outside {
  /** What every package may have of torch and the standard library, and this one has not yet. */
  readonly externs: ReadonlySet<string>;
  readonly missing: readonly { readonly module: string; readonly from: string }[];
}

/** Where nothing says which Python made a package. */
const PYTHON_VERSION = '3.11';

/** Looks what new sources import that is in neither the edited package nor its external modules. */
export function outsideOf(
  sources: readonly SourceEdit[],
  { modules, placeOf }: ModuleTree,
  { pythonVersion }: PackageImporter,
  limits: Limits,
): Outside {
  const said = /^3\.\d{1,3}(?!\d)/.exec(pythonVersion ?? '')?.[0];
  const environment = environmentOf(said ?? PYTHON_VERSION, []);
  const externs = new Set<string>();
  const missing = new Map<string, { module: string; from: string }>();
  const isInside = (name: string) => placeOf(name) === 'package';
  for (const { module: from, source } of sources) {
    const imports = importsOf(source, from, modules.get(from)?.isPackage === true, limits);
    if ('failure' in imports) continue;
    for (const [name, member] of imports.names) {
      const inner = `${name}.${member}`;
      if (member !== undefined && isInside(inner)) continue;
      // A class or function of a module in the package: nothing from outside.
      if (isInside(name)) continue;
      const needed = member !== undefined && environment.has(inner, true) ? inner : name;
      if (placeOf(needed) === 'extern' || IN_EVERY_PACKAGE.has(needed)) continue;
      if (environment.isImplicit(needed)) externs.add(needed);
      else missing.set(`${from} ${needed}`, { module: needed, from });
    }
  }
  return { externs, missing: [...missing.values()] };
}

/** What packaged code can import without any list, by the rules of torch's importer. */
const IN_EVERY_PACKAGE: ReadonlySet<string> = new Set(['torch_package_importer', '_mock']);
