import { TorshError } from '@torsh/bytes';
import type { Records } from '../../zip/container.ts';
import type { ModuleTree } from './module-tree.ts';

/** The files of one package within a torch.package, as `importlib.resources` shows them. */
export interface PackageResources {
  /** The dotted name of the package. */
  readonly package: string;
  /** The names of what lies in it: files first, then folders, each once. */
  contents(): readonly string[];
  /** True for a file that lies in it. */
  isResource(name: string): boolean;
  /** The bytes of such a file. */
  openResource(name: string): Promise<Uint8Array>;
}

/** The resources of a package; `undefined` where there is no package of that name. */
export function resourcesOf(
  name: string,
  records: Records,
  tree: ModuleTree,
  load: (path: string) => Promise<Uint8Array>,
): PackageResources | undefined {
  if (tree.placeOf(name) !== 'package' || tree.modules.get(name)?.isPackage !== true) return undefined;
  const prefix = `${name.replaceAll('.', '/')}/`;
  return {
    package: name,
    contents() {
      const files: string[] = [];
      const folders = new Set<string>();
      for (const path of records.names()) {
        if (!path.startsWith(prefix)) continue;
        const rest = path.slice(prefix.length);
        const slash = rest.indexOf('/');
        if (slash < 0) files.push(rest);
        else folders.add(rest.slice(0, slash));
      }
      return [...files, ...folders];
    },
    isResource: (resource) => !resource.includes('/') && records.has(prefix + resource),
    openResource: async (resource) => load(resourcePath(name, resource, tree)),
  };
}

/** The record of a resource: it lies in a package, and its name is that of a file and no path. */
export function resourcePath(name: string, resource: string, tree: ModuleTree): string {
  if (resource === '' || resource.includes('/'))
    throw new TypeError(`${JSON.stringify(resource)} must be only a file name`);
  const found = tree.modules.get(name);
  if (found === undefined) {
    const extern = tree.placeOf(name) === 'extern';
    const message = extern
      ? `${name} is an extern module: it is not in this package.`
      : `There is no package ${name} here; \`fileStructure()\` lists what there is.`;
    throw new TorshError('not-found', message, { path: name });
  }
  if (!found.isPackage)
    throw new TorshError('not-found', `${name} is a module and no package, so it has no resources.`, {
      path: name,
    });
  return `${name.replaceAll('.', '/')}/${resource}`;
}
