import type { Entries, EntryIndex } from '../entries.ts';
import type { Json } from '../json.ts';
import type { PickleValue } from '../value.ts';
import { listOf, wrong } from './expect.ts';
import type { Task } from './task.ts';

/** Pairs that go into a target. Keys must be whole before they are compared, so they go in when all of them are there. */
export function entriesTask(json: Json, target: Entries, index: EntryIndex): Task {
  const parts: Json[] = [];
  for (const pair of listOf(json)) {
    const [key, value] = listOf(pair);
    if (key === undefined || value === undefined) throw wrong('an entry must have a key and a value');
    parts.push(key, value);
  }
  const flat: PickleValue[] = [];
  const done = (): void => {
    for (let at = 0; at < flat.length; at += 2) {
      if (!index.set(target, flat[at]!, flat[at + 1]!)) throw wrong('a key is a value that cannot be one');
    }
  };
  return { parts, at: 0, into: flat, done };
}
