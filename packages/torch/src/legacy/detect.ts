import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { isLegacy, MAGIC_BYTES } from './magic.ts';

/** A row of pickles whose first is the magic number. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined || !isLegacy(await head(source, MAGIC_BYTES, context))) return undefined;
  return { confidence: 'certain', reason: 'it begins with the magic number of the old torch.save' };
}
