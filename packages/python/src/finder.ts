/** A module that can be imported. */
export interface FoundModule {
  /** True if it can have modules below it. */
  readonly isPackage: boolean;
  /** The file that it comes from, as Python's `__file__`; a folder without `__init__.py` and a module in C has none. */
  readonly path?: string;
  /** Its source as text; nothing to call where it has none. */
  source?(): Promise<string>;
}

/** Whatever knows modules by their names: folders of source, lists, packages. Stands for the importers of Python. */
export interface ModuleFinder {
  find(name: string): Promise<FoundModule | undefined>;
}

/** Several finders as one: the first that knows a module has it. */
export function inOrder(finders: readonly ModuleFinder[]): ModuleFinder {
  return {
    async find(name) {
      for (const finder of finders) {
        const found = await finder.find(name);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Modules of which only the names are known, such as those of the standard library. Nothing can be packed of them. */
export function knownModules(names: Iterable<string>): ModuleFinder {
  const known = new Set(names);
  const packages = new Set<string>();
  for (const name of known) {
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
      packages.add(name.slice(0, dot));
  }
  return {
    find: async (name) =>
      known.has(name) || packages.has(name) ? { isPackage: packages.has(name) } : undefined,
  };
}

/** Modules whose source is at hand. */
export function sourceModules(
  modules: ReadonlyMap<string, { readonly source: string; readonly isPackage?: boolean }>,
): ModuleFinder {
  return {
    async find(name) {
      const module = modules.get(name);
      if (module === undefined) return undefined;
      const { source, isPackage = false } = module;
      const path = `${name.replaceAll('.', '/')}${isPackage ? '/__init__' : ''}.py`;
      return { isPackage, path, source: async () => source };
    },
  };
}
