import type { Limits, Platform } from '@torsh/bytes';
import type { Progress } from '@torsh/core';
import type { GlobPattern, ModuleFinder } from '@torsh/python';
import type { PackageImporter } from '../read/importer.ts';

/** What an exporter is lent; only the platform is needed. */
export interface PackageExporterOptions {
  readonly platform: Platform;
  /** Where modules come from, in the order in which they are asked: folders of source, packages that were opened. */
  readonly importers?: readonly (ModuleFinder | PackageImporter)[] | undefined;
  /** Modules that are installed where the package will be loaded, though no importer has them: names or patterns. */
  readonly installed?: GlobPattern | undefined;
  /** The Python that the package is for: it decides what the standard library is. 3.11.0 where absent. */
  readonly pythonVersion?: string | undefined;
  /** The folder in the file that everything lies in. `archive` where absent, as torch has it where no path is given. */
  readonly folder?: string | undefined;
  /** Errors show the way by which a broken module was met. */
  readonly debug?: boolean | undefined;
  readonly limits?: Limits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how far the writing is. */
  progress?(progress: Progress): void;
}

/** Whether what is saved is also searched for what it needs; true where absent. */
export interface SaveOptions {
  readonly dependencies?: boolean | undefined;
}

/** How a pickle is saved. */
export interface SavePickleOptions extends SaveOptions {
  readonly protocol?: 3 | 4 | undefined;
  /** The package that the value was read from, or parts of it; it must be among the importers. */
  readonly from?: PackageImporter | undefined;
}

/** How a source is saved. */
export interface SaveSourceOptions extends SaveOptions {
  /** True for the source of a package, which can have modules and resources inside. */
  readonly isPackage?: boolean | undefined;
}
