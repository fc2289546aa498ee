/** What becomes of a module: packaged, left to the environment, replaced by a stub, or refused. */
export type Action = 'intern' | 'extern' | 'mock' | 'deny';

/** Why a module cannot be packaged. */
export type Problem =
  | 'is-extension-module'
  | 'no-dunder-file'
  | 'source-file-not-found'
  | 'dependency-resolution-failed'
  | 'no-action'
  | 'denied'
  | 'mocked-but-still-used';

/** What the exporter knows of a module or a pickle. */
export interface ExportNode {
  /**
   * Besides what a user can ask for: the support file of mocked modules when a package is exported again, and the module by
   * which packaged code reaches its importer, which is in no package.
   */
  readonly action?: Action | 'mock-support' | 'skip';
  readonly isPackage?: boolean;
  /** The text of an interned module. */
  readonly source?: string;
  /** True for `<package.resource>`, which stands for a pickle. */
  readonly isPickle?: true;
  readonly problem?: Problem;
  /** What else there is to say of the problem. */
  readonly context?: string;
}
