import type { PackageImporter } from '../read/importer.ts';
import type { ModuleFinder } from './finder.ts';

/** Text as Python keeps it in lines: the last one ends, too. */
export function wholeLines(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

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
