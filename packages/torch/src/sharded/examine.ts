import { isTorshError } from '@torsh/bytes';
import type { Archive, Issue, Model } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';

import { mainOf } from '../prepare-object.ts';
import { examineShapes, examineTypes, leftOut } from '../save/examine.ts';
import type { ShardedOptions } from './options.ts';
import { indexOf, planShards } from './plan.ts';

/** What state dicts in shards cannot hold although torch knows the type. */
export function examine(archive: Archive, options: ShardedOptions): readonly Issue[] {
  const main = mainOf(archive);
  // What says the scales of quantised tensors is in the object, which is not given back.
  const dropped = archive.metadata[TORCH] !== undefined;
  return [
    ...examineShapes(archive),
    ...(main === undefined
      ? []
      : [...examineNames(main), ...examineIndex(main, options), ...leftOut(archive, main)]),
    ...examineTypes(archive, false, dropped),
  ];
}

/** Readers give names as text, and an index has nothing else: half of a character would come back as another name. */
function* examineNames({ tensors, aliases }: Model): Generator<Issue> {
  for (const name of [...tensors.keys(), ...aliases.keys()]) {
    if (name.isWellFormed()) continue;
    const message = `The tensor ${JSON.stringify(name)} has half of a character in its name, which an index cannot hold.`;
    yield { severity: 'blocker', code: 'tensor', subject: name, message };
  }
}

/** What keeps an index from being written is known before any shard is. */
function* examineIndex(main: Model, options: ShardedOptions): Generator<Issue> {
  try {
    indexOf(planShards(main, options));
  } catch (error) {
    if (!isTorshError(error)) throw error;
    yield { severity: 'blocker', code: 'index', message: error.message };
  }
}
