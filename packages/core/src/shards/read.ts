import { type ByteSource, decodeUtf8, readAll, TorshError } from '@torsh/bytes';
import type { Context } from '../format.ts';
import { parseShardIndex, type ShardIndex } from './index-file.ts';

/** The hub's own limit; an index of 200,000 tensors has half of it. */
const INDEX_BYTES = 10 * 2 ** 20;

/** Reads an index of shards, and reports what is odd about it. */
export async function readShardIndex(
  source: ByteSource,
  context: Context,
  tolerant = false,
): Promise<ShardIndex> {
  const text = decodeUtf8(await readAll(source, INDEX_BYTES, context));
  if (text === undefined) throw new TorshError('malformed', 'The index is not valid UTF-8.');
  const index = parseShardIndex(text, context.limits, tolerant);
  for (const note of index.notes) context.report(note);
  return index;
}
