import type { Archive, Json } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';

/** What an archive of shards says besides tensors: whatever each shard says of itself, by the name of its file. */
export function metadataOf(
  shards: ReadonlyMap<string, Archive>,
): Required<Pick<Archive, 'metadata' | 'incidental'>> {
  const records: { [file: string]: Json } = Object.create(null);
  for (const [file, { metadata }] of shards) records[file] = metadata;
  const plain = Array.from(shards.values(), isPlain).every((each) => each);
  return {
    metadata: { [TORCH]: { kind: 'torch.save sharded', shards: records } },
    incidental: new Set(plain ? [TORCH] : []),
  };
}

/** True for a shard that is tensors under names and nothing else. */
function isPlain({ metadata, incidental }: Archive): boolean {
  return Object.keys(metadata).every((namespace) => incidental.has(namespace));
}
