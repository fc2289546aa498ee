import type { Tensor } from '../archive.ts';

/** Throws for a size that shards cannot have. */
export function checkShardBytes(maxBytes: number): void {
  if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0))
    throw new TypeError(`maxShardBytes must be a whole number above 0, not ${maxBytes}`);
}

/**
 * Deals tensors out to shards of at most `maxBytes`, in their order and without looking back, as huggingface_hub does:
 * a tensor that is larger gets a shard of its own, which comes before the one that is being filled.
 */
export function splitTensors(tensors: Iterable<Tensor>, maxBytes: number): Tensor[][] {
  const shards: Tensor[][] = [];
  let current: Tensor[] = [];
  let filled = 0;
  for (const tensor of tensors) {
    const { size } = tensor.data;
    if (size > maxBytes) {
      shards.push([tensor]);
      continue;
    }
    if (filled + size > maxBytes) {
      shards.push(current);
      current = [];
      filled = 0;
    }
    current.push(tensor);
    filled += size;
  }
  if (current.length > 0 || shards.length === 0) shards.push(current);
  return shards;
}
