import { type FileTree, type ReadOptions, TorshError } from '@torsh/bytes';
import type { Context, Input } from '@torsh/core';

export const SUFFIX = '.onnx';

/** Listing stops here: a model's folder has it among the first few files, a home directory has none. */
const LISTED = 10_000;

/** What other formats would take for a model of theirs. */
const OTHERS = /\.(?:safetensors|pt|pth|torsh|pkl)$|pytorch_model[^/]*\.bin$/;

/** The models at the top of a folder, and whether there are models of other kinds. */
export async function candidates(
  tree: FileTree,
  options: ReadOptions,
): Promise<{ readonly models: readonly string[]; readonly others: boolean }> {
  const models: string[] = [];
  let [others, listed] = [false, 0];
  for await (const { path } of tree.list(options)) {
    if (++listed > LISTED) break;
    if (path.includes('/')) continue;
    if (path.endsWith(SUFFIX)) models.push(path);
    others ||= OTHERS.test(path);
  }
  return { models: models.sort(), others };
}

/** The input with its model named: the entry, or the one model of a folder. */
export async function locateModel(input: Input, context: Context): Promise<Input> {
  if (input.entry !== undefined) return input;
  const { models } = await candidates(input.files, context);
  const [entry, second] = models;
  if (entry === undefined)
    throw new TorshError('not-found', `This folder has no file that ends in ${SUFFIX}.`);
  if (second === undefined) return { ...input, entry };
  const message = `This folder has several models: ${models.slice(0, 5).join(', ')}. Name one of them.`;
  throw new TorshError('ambiguous', message);
}
