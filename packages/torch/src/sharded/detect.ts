import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { candidates } from './locate.ts';
import { isIndexName } from './names.ts';

/** Recognises an index by its name and its first bytes, and folders that have one, or a model that needed none, and no safetensors. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return detectFolder(input, context);
  // JSON says nothing of what it is, so here the name has to.
  if (!isIndexName(input.entry!)) return undefined;
  const text = new TextDecoder().decode(await head(source, 64, context));
  if (!text.trimStart().startsWith('{')) return undefined;
  return { confidence: 'certain', reason: 'its name ends in .bin.index.json and it is a JSON object' };
}

async function detectFolder(input: Input, context: Context): Promise<Match | undefined> {
  const { indexes, wholes, hasSafetensors } = await candidates(input.files, context);
  const path = indexes[0] ?? wholes[0];
  if (path === undefined || hasSafetensors) return undefined;
  return { confidence: 'likely', reason: `the folder has ${path}` };
}
