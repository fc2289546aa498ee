import { type ModuleFinder, wholeLines } from '@torsh/python';
import type { PackageImporter } from '../read/importer.ts';

/** The modules in a package as a place from which another package takes them. */
export function packageFinder(importer: PackageImporter): ModuleFinder {
  return {
    async find(name) {
      // Every package that is loaded has this one; it is never in the file.
      if (name === 'torch_package_importer') return { isPackage: false, file: '<package importer>' };
      const module = importer.modules.get(name);
      // A folder without a source is there for what is in it; the real package may be found elsewhere.
      if (module?.path === undefined) return undefined;
      const text = wholeLines((await importer.loadSource(name)) ?? '');
      return { isPackage: module.isPackage, file: module.path, text };
    },
  };
}
