import { type Archive, archive, formatShardIndex, type Model, model, shardsOf } from '@torsh/core';
import { STEM, SUFFIX } from './names.ts';
import { SHARD_BYTES, type ShardedOptions } from './options.ts';

/** A checkpoint that will be written, and what it holds. */
export interface PlannedShard {
  readonly file: string;
  /** Tensors under names and nothing else: what becomes a state dict. */
  readonly archive: Archive;
  readonly model: Model;
}

/** A model as the checkpoints that are written: a tied name is where its owner is, so that torch can give both one storage. */
export function planShards(
  whole: Model,
  { maxShardBytes = SHARD_BYTES }: ShardedOptions,
): readonly PlannedShard[] {
  const shards = shardsOf(whole, { stem: STEM, suffix: SUFFIX, maxBytes: maxShardBytes });
  return shards.map(({ path, tensors, aliases }) => {
    const part = model(tensors, { aliases });
    return { file: path, model: part, archive: archive('torch-sharded', { models: [part] }) };
  });
}

/**
 * The index of shards, which names every tensor under all its names and counts its bytes once, as huggingface_hub does;
 * `undefined` where there is one shard, which needs none.
 */
export function indexOf(shards: readonly PlannedShard[]): Uint8Array | undefined {
  if (shards.length === 1) return undefined;
  const weightMap = new Map<string, string>();
  let total = 0;
  for (const { file, model } of shards) {
    for (const name of [...model.tensors.keys(), ...model.aliases.keys()]) weightMap.set(name, file);
    for (const { data } of model.tensors.values()) total += data.size;
  }
  return new TextEncoder().encode(formatShardIndex(weightMap, total));
}
