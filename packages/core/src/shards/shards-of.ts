import type { Model, Tensor } from '../archive.ts';
import { splitTensors } from './split.ts';

/** Some tensors of a model, all their other names, and the file that they go to. */
export interface ModelShard {
  readonly path: string;
  readonly tensors: readonly Tensor[];
  readonly aliases: ReadonlyMap<string, string>;
}

/** How the files of a model in shards are called, and how large they may be. */
export interface ShardOptions {
  /** The path of the file without its suffix, if there were one alone: `model`, `unet/diffusion_pytorch_model`. */
  readonly stem: string;
  readonly suffix: string;
  /** At most so many bytes of tensors in a shard, unless a tensor alone has more. */
  readonly maxBytes: number;
}

/** A model in the shards that it is written as: a single one, under the plain name, where everything fits. */
export function shardsOf(
  { tensors, aliases }: Model,
  { stem, suffix, maxBytes }: ShardOptions,
): ModelShard[] {
  const parts = splitTensors(tensors.values(), maxBytes);
  const count = parts.length;
  const others = new Map<string, string[]>();
  for (const [other, owner] of aliases) {
    const known = others.get(owner);
    if (known === undefined) others.set(owner, [other]);
    else known.push(other);
  }
  return parts.map((part, index) => ({
    path: count === 1 ? stem + suffix : `${stem}-${digits(index + 1)}-of-${digits(count)}${suffix}`,
    tensors: part,
    // In the order of their owners, as huggingface_hub has them.
    aliases: new Map(
      part.flatMap(({ name }) => (others.get(name) ?? []).map((other) => [other, name] as const)),
    ),
  }));
}

function digits(number: number): string {
  return String(number).padStart(5, '0');
}
