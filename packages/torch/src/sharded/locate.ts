import { type ByteSource, type FileTree, type ReadOptions, TorshError } from '@torsh/bytes';
import { type Context, entrySource, type Input } from '@torsh/core';
import { isIndexName, isWholeName } from './names.ts';

/** The file with which reading begins: an index, or a model that needed no shards. */
export interface Located {
  readonly path: string;
  readonly source: ByteSource;
}

/** What is at the top of a folder, as far as it matters here. */
export interface Candidates {
  readonly indexes: readonly string[];
  /** Models that needed no shards. */
  readonly wholes: readonly string[];
  /** True where the folder holds safetensors, which are the same weights in a better form. */
  readonly hasSafetensors: boolean;
}

/** Listing stops here: a model's folder has its index among the first few files, a home directory has none. */
const LISTED = 10_000;

/** Looks for models at the top of a tree. */
export async function candidates(tree: FileTree, options: ReadOptions): Promise<Candidates> {
  const [indexes, wholes]: [string[], string[]] = [[], []];
  let hasSafetensors = false;
  let listed = 0;
  for await (const { path } of tree.list(options)) {
    if (++listed > LISTED) break;
    if (path.includes('/')) continue;
    if (isIndexName(path)) indexes.push(path);
    if (isWholeName(path)) wholes.push(path);
    hasSafetensors ||= path.endsWith('.safetensors') || path.endsWith('.safetensors.index.json');
  }
  return { indexes: indexes.sort(), wholes: wholes.sort(), hasSafetensors };
}

/** The entry of an input, or the one index of a tree, or its one model without an index. */
export async function locate(input: Input, context: Context): Promise<Located> {
  const source = await entrySource(input, context);
  if (source !== undefined) return { path: input.entry!, source };
  const { indexes, wholes } = await candidates(input.files, context);
  const models = indexes.length > 0 ? indexes : wholes;
  const [path, second] = models;
  if (path === undefined) {
    const message = 'This folder has no file that ends in .bin.index.json, and no pytorch_model.bin.';
    throw new TorshError('not-found', message);
  }
  if (second !== undefined) {
    const message = `This folder has several models: ${models.slice(0, 5).join(', ')}. Name one of them.`;
    throw new TorshError('ambiguous', message);
  }
  const opened = await input.files.open(path, context);
  if (opened === undefined) throw new TorshError('not-found', `There is no file ${path}.`, { path });
  return { path, source: opened };
}
