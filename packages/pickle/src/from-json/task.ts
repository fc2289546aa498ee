import type { Json } from '../json.ts';
import type { PickleValue } from '../value.ts';

/** JSON that is still to be read, where it goes, and what is left to do when all of it is there. */
export interface Task {
  readonly parts: readonly Json[];
  at: number;
  readonly into: PickleValue[];
  readonly done?: () => void;
}

/** The names of a JSON object and what they stand for. */
export type Fields = ReadonlyMap<string, Json>;

/** A value, and the parts that it is still missing: so a part can be the value itself. */
export type Built = readonly [value: PickleValue, inner: readonly Task[]];

/** Reads all of a list. */
export function listTask(parts: readonly Json[], into: PickleValue[]): Task {
  return { parts, at: 0, into };
}

/** Reads one part and hands it over. */
export function partTask(part: Json, put: (value: PickleValue) => void): Task {
  const into: PickleValue[] = [];
  return { parts: [part], at: 0, into, done: () => put(into[0]!) };
}
