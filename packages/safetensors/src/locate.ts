import { type ByteSource, type FileTree, type ReadOptions, TorshError } from '@torsh/bytes';
import { type Context, entrySource, type Input } from '@torsh/core';
import { INDEX_SUFFIX, SUFFIX } from './names.ts';

/** The file with which reading begins. */
export interface Located {
  readonly path: string;
  readonly source: ByteSource;
}

/** The files at the top of a tree that could be a safetensors model. */
export interface Candidates {
  readonly indexes: readonly string[];
  readonly files: readonly string[];
  /** How many other files there are, with a few of their names. */
  readonly others: number;
  readonly examples: readonly string[];
}

/** Listing stops here: a model's folder has its index among the first few files, a home directory has none. */
const LISTED = 10_000;

/** Looks for indexes and safetensors files at the top of a tree. */
export async function candidates(tree: FileTree, options: ReadOptions): Promise<Candidates> {
  const indexes: string[] = [];
  const files: string[] = [];
  const rest: string[] = [];
  let listed = 0;
  for await (const { path } of tree.list(options)) {
    if (++listed > LISTED) break;
    if (path.includes('/')) rest.push(path);
    else if (path.endsWith(INDEX_SUFFIX)) indexes.push(path);
    else if (path.endsWith(SUFFIX)) files.push(path);
    else rest.push(path);
  }
  return { indexes: indexes.sort(), files: files.sort(), others: rest.length, examples: rest.slice(0, 3) };
}

/** The entry of an input, or the one index or the one safetensors file of a tree. */
export async function locateModel(input: Input, context: Context): Promise<Located> {
  const source = await entrySource(input, context);
  if (source !== undefined) return { path: input.entry!, source };
  const found = await candidates(input.files, context);
  const choice = found.indexes.length > 0 ? found.indexes : found.files;
  const [path, second] = choice;
  if (path === undefined) {
    throw new TorshError('not-found', `This folder has no file that ends in ${SUFFIX} or ${INDEX_SUFFIX}.`);
  }
  if (second !== undefined) {
    throw new TorshError(
      'ambiguous',
      `This folder has several models: ${choice.slice(0, 5).join(', ')}. Name one of them.`,
    );
  }
  if (found.others > 0) {
    context.report({
      severity: 'note',
      code: 'other-files',
      message: `Files beside the model were not read, such as ${found.examples.join(', ')}.`,
    });
  }
  const opened = await input.files.open(path, context);
  if (opened === undefined) throw new TorshError('not-found', `There is no file ${path}.`, { path });
  return { path, source: opened };
}
