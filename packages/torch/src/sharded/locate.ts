import { type ByteSource, type FileTree, type ReadOptions, TorshError } from '@torsh/bytes';
import { type Context, entrySource, type Input } from '@torsh/core';
import { isIndexName } from './index-file.ts';

/** The index with which reading begins. */
export interface Located {
  readonly path: string;
  readonly source: ByteSource;
}

/** What is at the top of a folder, as far as it matters here. */
export interface Candidates {
  readonly indexes: readonly string[];
  /** True where the folder holds safetensors, which are the same weights in a better form. */
  readonly hasSafetensors: boolean;
}

/** Listing stops here: a model's folder has its index among the first few files, a home directory has none. */
const LISTED = 10_000;

/** Looks for indexes at the top of a tree. */
export async function candidates(tree: FileTree, options: ReadOptions): Promise<Candidates> {
  const indexes: string[] = [];
  let hasSafetensors = false;
  let listed = 0;
  for await (const { path } of tree.list(options)) {
    if (++listed > LISTED) break;
    if (path.includes('/')) continue;
    if (isIndexName(path)) indexes.push(path);
    hasSafetensors ||= path.endsWith('.safetensors') || path.endsWith('.safetensors.index.json');
  }
  return { indexes: indexes.sort(), hasSafetensors };
}

/** The entry of an input, or the one index of a tree. */
export async function locateIndex(input: Input, context: Context): Promise<Located> {
  const source = await entrySource(input, context);
  if (source !== undefined) return { path: input.entry!, source };
  const { indexes } = await candidates(input.files, context);
  const [path, second] = indexes;
  if (path === undefined)
    throw new TorshError('not-found', 'This folder has no file that ends in .bin.index.json.');
  if (second !== undefined) {
    const message = `This folder has several models: ${indexes.slice(0, 5).join(', ')}. Name one of them.`;
    throw new TorshError('ambiguous', message);
  }
  const opened = await input.files.open(path, context);
  if (opened === undefined) throw new TorshError('not-found', `There is no file ${path}.`, { path });
  return { path, source: opened };
}
