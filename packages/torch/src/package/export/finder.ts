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
