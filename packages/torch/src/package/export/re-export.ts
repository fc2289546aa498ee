import type { ByteSource } from '@torsh/bytes';
import { RequestError } from '@torsh/core';
import type { PackageImporter } from '../read/importer.ts';
import type { ModuleGraph } from './module-graph.ts';
import { packageFinder } from './package-finder.ts';

/**
 * The classes in a value are those of the package that it was read from, so others of the same name will not do. Throws where
 * the package is not asked for modules at all, or another one first that has something else under the name.
 */
export async function checkOrigin(
  named: ReadonlyMap<string, readonly string[]>,
  from: PackageImporter,
  importers: readonly unknown[],
  modules: ModuleGraph,
): Promise<void> {
  for (const [module, names] of named) {
    if (from.modules.get(module)?.path === undefined) continue;
    const say = (why: string) =>
      new RequestError(`Can't pickle ${module}.${names[0]} of ${from.name}: ${why}`);
    if (!importers.includes(from))
      throw say('the package is none of the importers of this exporter. Add it to them.');
    // What was decided on before, such as a source that was given in its place, was decided by the user.
    if (modules.nodes.nodes.get(module)?.action !== undefined) continue;
    const [first, own] = [await modules.find(module), await packageFinder(from).find(module)];
    if (first?.text !== own?.text)
      throw say('an importer that is asked before has another module of this name. List the package first.');
  }
}

/** What the exporter of another package had made up for an object: files under a name that is new here, and a source. */
export interface Generated {
  readonly files: readonly { readonly name: string; readonly source: ByteSource }[];
  readonly source?: string | undefined;
  readonly isPackage: boolean;
}

/** Finds what was made up under a name in another package. */
export async function generatedIn(from: PackageImporter, name: string, newName: string): Promise<Generated> {
  const [folder, newFolder] = [`${name.replaceAll('.', '/')}/`, newName.replaceAll('.', '/')];
  const files = from.records
    .filter((record) => record.startsWith(folder) && !record.endsWith('.py'))
    .map((record) => ({ name: `${newFolder}/${record.slice(folder.length)}`, source: from.record(record)! }));
  const { path, isPackage } = from.modules.get(name)!;
  return { files, isPackage, source: path === undefined ? undefined : await from.loadSource(name) };
}
