import { isTorshError, type Limits } from '@torsh/bytes';
import { RequestError } from '@torsh/core';
import { type ModuleTree, moduleTree } from '../read/module-tree.ts';

/**
 * The modules of a package that is being made, as its importer will see them. What does not fit together, such as a module
 * within an external one, torch writes without a word and refuses to import: here whoever asked for it hears of it.
 */
export function treeOf(paths: Iterable<string>, externs: readonly string[], limits: Limits): ModuleTree {
  try {
    return moduleTree(paths, externs, limits);
  } catch (error) {
    throw isTorshError(error, 'malformed') ? new RequestError(error.message) : error;
  }
}
