import { TorshError } from '@torsh/bytes';
import type { Context, ShardIndex, Tensor } from '@torsh/core';
import type { Shard } from './open-shards.ts';

/** All tensors of a model in the order of its index. */
export interface Collected {
  readonly tensors: readonly Tensor[];
  /** Names that are tied within a shard; what lies in two shards was written twice. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** The tensors of all shards: each must be where the index says, and the index must name each. */
export function collect({ weightMap }: ShardIndex, shards: ReadonlyMap<string, Shard>): Collected {
  const tensors: Tensor[] = [];
  const aliases = new Map<string, string>();
  for (const [name, file] of weightMap) {
    const { path, model } = shards.get(file)!;
    const tensor = model.tensors.get(name);
    const owner = model.aliases.get(name);
    if (tensor !== undefined) tensors.push(tensor);
    else if (owner !== undefined) aliases.set(name, owner);
    else {
      const message = `The index says that ${JSON.stringify(name)} is in ${file}, but it is not.`;
      throw new TorshError('malformed', message, { path });
    }
  }
  for (const [file, { path, model }] of shards) {
    for (const name of [...model.tensors.keys(), ...model.aliases.keys()]) {
      const mapped = weightMap.get(name);
      if (mapped === file) continue;
      const where = mapped === undefined ? 'does not name it' : `takes it from ${mapped}`;
      const message = `${file} holds ${JSON.stringify(name)}, but the index ${where}.`;
      throw new TorshError('malformed', message, { path });
    }
  }
  return { tensors, aliases };
}

/** Some tools count the bytes of files, others those of tensors, tied ones once or twice; what is none is worth a note. */
export function checkTotal(
  { totalSize }: ShardIndex,
  shards: Iterable<Shard>,
  { tensors, aliases }: Collected,
  context: Context,
): void {
  if (totalSize === undefined) return;
  const sizes = new Map(tensors.map(({ name, data }) => [name, data.size]));
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  const once = sum(sizes.values());
  const twice = once + sum(Array.from(aliases.values(), (owner) => sizes.get(owner)!));
  const files = sum(Array.from(shards, ({ bytes }) => bytes));
  if ([once, twice, files].includes(totalSize)) return;
  const message = `The index says that there are ${totalSize} bytes; the tensors have ${once}, their files ${files}.`;
  context.report({ severity: 'note', code: 'total-size', message });
}
