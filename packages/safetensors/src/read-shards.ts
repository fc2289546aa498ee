import { type FileTree, TorshError } from '@torsh/bytes';
import {
  type Context,
  type Model,
  readSafetensors,
  readShardIndex,
  type Safetensors,
  type ShardIndex,
  type Tensor,
} from '@torsh/core';
import { declaredModel } from './declared.ts';
import type { Located } from './locate.ts';
import { folderOf } from './names.ts';
import type { SafetensorsOptions } from './options.ts';

/** Shards that are opened at the same time: enough to hide the delay of a network, few enough for any server. */
const LANES = 8;

interface Shard extends Safetensors {
  readonly path: string;
  readonly size: number;
}

/** Opens an index and every shard that it names, as one model. */
export async function readShards(
  files: FileTree,
  located: Located,
  context: Context,
  options: SafetensorsOptions,
): Promise<Model> {
  const index = await readShardIndex(located.source, context, options.tolerant);
  const shards = await openShards(files, folderOf(located.path), index, context, options);
  const tensors = collect(index, shards, context, options);
  checkTotal(index, [...shards.values()], context);
  const metadata = Array.from(shards.values(), ({ header }) => header.metadata);
  return declaredModel(tensors, [...metadata, Object.fromEntries(index.metadata)], context, options);
}

async function openShards(
  files: FileTree,
  folder: string,
  index: ShardIndex,
  context: Context,
  { tolerant }: SafetensorsOptions,
): Promise<ReadonlyMap<string, Shard>> {
  const { limits, signal } = context;
  const openShard = async (name: string): Promise<readonly [string, Shard]> => {
    const path = folder + name;
    const source = await files.open(path, context);
    if (source === undefined) {
      throw new TorshError('not-found', `The index names the shard ${name}, which is not beside it.`, {
        path,
      });
    }
    const opened = await readSafetensors(source, { limits, signal, path, tolerant });
    return [name, { ...opened, path, size: source.size }];
  };
  const names = [...new Set(index.weightMap.values())].sort();
  const shards = new Map<string, Shard>();
  for (let at = 0; at < names.length; at += LANES) {
    const opened = await Promise.all(names.slice(at, at + LANES).map(openShard));
    for (const [name, shard] of opened) {
      shards.set(name, shard);
      for (const note of shard.header.notes) context.report(note);
    }
  }
  return shards;
}

/** The tensors in the order of the index, each from the shard that the index names. */
function collect(
  { weightMap }: ShardIndex,
  shards: ReadonlyMap<string, Shard>,
  context: Context,
  { tolerant }: SafetensorsOptions,
): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, shard] of weightMap) {
    const tensor = shards.get(shard)?.tensors.get(name);
    if (tensor === undefined) {
      throw new TorshError(
        'malformed',
        `The index says that ${JSON.stringify(name)} is in ${shard}, but it is not.`,
      );
    }
    tensors.set(name, tensor);
  }
  for (const [shard, { path, tensors: held }] of shards) {
    for (const [name, tensor] of held) {
      const mapped = weightMap.get(name);
      if (mapped === shard) continue;
      const where = mapped === undefined ? 'does not name it' : `takes it from ${mapped}`;
      const message = `${shard} holds ${JSON.stringify(name)}, but the index ${where}.`;
      if (tolerant !== true) throw new TorshError('malformed', message, { path });
      context.report({ severity: 'note', code: 'unmapped-tensor', message, subject: name });
      if (mapped === undefined && !tensors.has(name)) tensors.set(name, tensor);
    }
  }
  return tensors;
}

/** Some tools count the bytes of the files, others those of the tensors; what is neither is worth a note. */
function checkTotal({ totalSize }: ShardIndex, shards: readonly Shard[], context: Context): void {
  if (totalSize === undefined) return;
  const files = shards.reduce((sum, { size }) => sum + size, 0);
  const tensors = shards.reduce((sum, { size, headerBytes }) => sum + size - headerBytes, 0);
  if (totalSize === files || totalSize === tensors) return;
  const message = `The index says that there are ${totalSize} bytes; the tensors have ${tensors}, their files ${files}.`;
  context.report({ severity: 'note', code: 'total-size', message });
}
