import type { ByteSource } from '@torsh/bytes';

/** A source for a module, as `save_source_string` takes it. */
export interface SourceEdit {
  readonly module: string;
  readonly source: string;
  /** Whether it is the source of a package; where absent, the module stays what it is, and a new one is none. */
  readonly isPackage?: boolean | undefined;
}

/** A file that is no source, by its path in the package. */
export interface FileEdit {
  readonly path: string;
  readonly content: ByteSource;
}

/** What is to be changed in a package. */
export interface PackageEdits {
  readonly sources?: readonly SourceEdit[] | undefined;
  readonly files?: readonly FileEdit[] | undefined;
  /** Paths of files that go. */
  readonly remove?: readonly string[] | undefined;
  /** Modules that the package takes from outside from now on. */
  readonly externs?: readonly string[] | undefined;
}

/** What editing has changed. */
export interface PackageChanges {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  /** Modules that are external and were not: what was asked for, and what new sources need of torch and the standard library. */
  readonly externs: readonly string[];
  /** What new sources import, and neither the package nor its external modules have. */
  readonly missing: readonly { readonly module: string; readonly from: string }[];
}
