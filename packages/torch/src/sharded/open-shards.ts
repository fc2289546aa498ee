import { type FileTree, TorshError } from '@torsh/bytes';
import type { Archive, Context, Model, ShardIndex } from '@torsh/core';
import { isIndexName } from './names.ts';

/** A checkpoint that is part of a model. */
export interface Shard {
  readonly path: string;
  readonly bytes: number;
  readonly archive: Archive;
  readonly model: Model;
}

/** Shards that are opened at the same time: enough to hide the delay of a network, few enough for memory. */
const LANES = 8;

/** Opens every shard that an index names, each with whatever reader knows it. */
export async function openShards(
  files: FileTree,
  folder: string,
  { weightMap }: ShardIndex,
  context: Context,
): Promise<ReadonlyMap<string, Shard>> {
  const names = [...new Set(weightMap.values())].sort();
  const shards = new Map<string, Shard>();
  for (let at = 0; at < names.length; at += LANES) {
    const lane = names.slice(at, at + LANES);
    const opened = await Promise.all(lane.map((name) => openShard(files, folder + name, name, context)));
    for (const [index, name] of lane.entries()) shards.set(name, opened[index]!);
  }
  return shards;
}

async function openShard(files: FileTree, path: string, name: string, context: Context): Promise<Shard> {
  // An index that names an index, itself perhaps, would never end.
  if (isIndexName(name))
    throw new TorshError('malformed', `The index names ${name} as a shard, which is an index itself.`, {
      path,
    });
  const source = await files.open(path, context);
  if (source === undefined)
    throw new TorshError('not-found', `The index names the shard ${name}, which is not beside it.`, { path });
  const archive = await openFile(files, path, context);
  const [model, second] = archive.models.values();
  if (model === undefined || second !== undefined || archive.resources.size > 0) {
    const message = `The shard ${name} is more than a checkpoint: torsh does not join such files.`;
    throw new TorshError('unsupported', message, { path });
  }
  return { path, bytes: source.size, archive, model };
}

/** Opens a file beside others; an error in it says in which. */
export async function openFile(files: FileTree, path: string, context: Context): Promise<Archive> {
  try {
    return await context.open({ files, entry: path });
  } catch (error) {
    if (!(error instanceof TorshError)) throw error;
    const inner = error.path === undefined || error.path === path ? path : `${path}/${error.path}`;
    throw new TorshError(error.code, error.message, { path: inner, offset: error.offset, cause: error });
  }
}
