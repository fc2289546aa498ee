import type { ReadOptions } from '@torsh/bytes';

/** A module that was found. */
export interface FoundModule {
  /** True where it can have modules inside. */
  readonly isPackage: boolean;
  /** Its file, as messages name it; absent where it has none, as a folder without `__init__.py`. */
  readonly file?: string | undefined;
  /** Its source, in whole lines that end in `\n`; absent where there is none to be had, as of a compiled module. */
  readonly text?: string | undefined;
}

/** A place that has modules: folders of source, a package, what is installed somewhere. `undefined` for one that it lacks. */
export interface ModuleFinder {
  find(module: string, options?: ReadOptions): Promise<FoundModule | undefined>;
}

/** Several places as one: the first that has a module gives it. */
export function inOrder(finders: readonly ModuleFinder[]): ModuleFinder {
  return {
    async find(module, options) {
      for (const finder of finders) {
        const found = await finder.find(module, options);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Modules of which only the names are known, such as those of the standard library. */
export function knownModules(names: Iterable<string>): ModuleFinder {
  const known = new Set(names);
  const packages = new Set<string>();
  for (const name of known) {
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
      packages.add(name.slice(0, dot));
  }
  return {
    find: async (module) =>
      known.has(module) || packages.has(module) ? { isPackage: packages.has(module) } : undefined,
  };
}
