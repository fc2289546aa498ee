import type { Limits } from '@torsh/bytes';
import { type Archive, archive, fitModels, model } from '@torsh/core';
import { keeps as keepsCheckpoint } from '../save/keeps.ts';
import { metadataOf } from './metadata.ts';
import type { ShardedOptions } from './options.ts';
import { planShards } from './plan.ts';

/** The archive as `read` finds it in what `write` makes of it. */
export async function keeps(whole: Archive, limits: Limits, options: ShardedOptions): Promise<Archive> {
  const [only = model([])] = fitModels(whole, 'one').models.values();
  const shards = planShards(only, options);
  const kept = new Map<string, Archive>();
  for (const { file, archive: shard } of shards) kept.set(file, await keepsCheckpoint(shard, limits));
  const [first, second] = kept.values();
  if (second === undefined) return { ...first!, origin: whole.origin };
  const { tensors, aliases } = only;
  const joined = model(tensors.values(), { aliases, metadata: { format: 'pt' } });
  return archive(whole.origin, { models: [joined], ...metadataOf(kept) });
}
