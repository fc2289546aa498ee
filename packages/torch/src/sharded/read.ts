import { locateError } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Context,
  type Input,
  type Json,
  model,
  readShardIndex,
} from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import { checkTotal, collect } from './collect.ts';
import { folderOf } from './index-file.ts';
import { locateIndex } from './locate.ts';
import { openShards, type Shard } from './open-shards.ts';

/** Opens an index with all its shards as one model. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const { path, source } = await locateIndex(input, context);
  try {
    const index = await readShardIndex(source, context);
    const shards = await openShards(input.files, folderOf(path), index, context);
    const collected = collect(index, shards);
    checkTotal(index, shards.values(), collected, context);
    const metadata = { format: 'pt', ...Object.fromEntries(index.metadata) };
    const plain = Array.from(shards.values(), isPlain).every((each) => each);
    return archive('torch-sharded', {
      models: [model(collected.tensors, { aliases: collected.aliases, metadata })],
      metadata: { [TORCH]: { kind: 'torch.save sharded', shards: recordsOf(shards) } },
      incidental: plain ? [TORCH] : [],
    });
  } catch (error) {
    throw locateError(error, { path });
  }
}

/** What each shard says of itself. */
function recordsOf(shards: ReadonlyMap<string, Shard>): Json {
  const records: { [file: string]: Json } = Object.create(null);
  for (const [file, shard] of shards) records[file] = shard.archive.metadata;
  return records;
}

/** True for a shard that is tensors under names and nothing else. */
function isPlain({ archive: { metadata, incidental } }: Shard): boolean {
  return Object.keys(metadata).every((namespace) => incidental.has(namespace));
}
