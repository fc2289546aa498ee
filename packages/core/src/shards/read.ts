import { type ByteSource, decodeUtf8, readAll, TorshError } from '@torsh/bytes';
import type { Context } from '../format.ts';
import { INDEX_BYTES, parseShardIndex, type ShardIndex } from './index-file.ts';

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
