import { locateError } from '@torsh/bytes';
import { type Archive, archive, type Context, type Input, model, readShardIndex } from '@torsh/core';
import { checkTotal, collect } from './collect.ts';
import { locate } from './locate.ts';
import { metadataOf } from './metadata.ts';
import { folderOf, isIndexName } from './names.ts';
import { openFile, openShards } from './open-shards.ts';

/** Opens an index with all its shards as one model, or the one file of a model that needed no shards. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const { path, source } = await locate(input, context);
  if (!isIndexName(path)) return openFile(input.files, path, context);
  try {
    const index = await readShardIndex(source, context);
    const shards = await openShards(input.files, folderOf(path), index, context);
    const collected = collect(index, shards);
    checkTotal(index, shards.values(), collected, context);
    const metadata = { format: 'pt', ...Object.fromEntries(index.metadata) };
    const archives = new Map(Array.from(shards, ([file, shard]) => [file, shard.archive]));
    return archive('torch-sharded', {
      models: [model(collected.tensors, { aliases: collected.aliases, metadata })],
      ...metadataOf(archives),
    });
  } catch (error) {
    throw locateError(error, { path });
  }
}
