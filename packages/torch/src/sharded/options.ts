/** How checkpoints in shards are written. */
export interface ShardedOptions {
  /** At most so many bytes of tensors in a shard, unless a tensor alone has more; 5 GB where absent, as on the hub. */
  readonly maxShardBytes?: number | undefined;
}

/** The size of huggingface_hub. */
export const SHARD_BYTES = 5e9;
