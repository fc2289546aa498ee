import type { OpenJson } from '../json.ts';
import type { PickleValue, PyFloat } from '../value.ts';

/** A value that may have parts. */
export type Node = Exclude<PickleValue, null | boolean | number | bigint | string | PyFloat>;

/** Parts that are still to be written, and what to do with each. */
export interface Task {
  readonly parts: readonly PickleValue[];
  at: number;
  /** How deep in the whole the parts are. */
  depth?: number;
  /** The names under which the parts go. */
  readonly names?: readonly string[];
  readonly put: (json: OpenJson, at: number) => void;
}

/** The JSON of a value with its parts still missing, and what will put them in. */
export type Encoded = readonly [json: OpenJson, inner: Task[]];

/** Writes one part and hands it over. */
export function partTask(part: PickleValue, put: (json: OpenJson) => void): Task {
  return { parts: [part], at: 0, put };
}

/** Writes parts to the end of a list; no task where there are none. */
export function listTasks(parts: readonly PickleValue[], list: OpenJson[]): Task[] {
  return parts.length === 0 ? [] : [{ parts, at: 0, put: (json) => void list.push(json) }];
}

/** Writes entries to the end of a list, as pairs. */
export function pairTasks(
  keys: readonly PickleValue[],
  values: readonly PickleValue[],
  pairs: OpenJson[],
): Task[] {
  const parts: PickleValue[] = [];
  for (const [at, key] of keys.entries()) parts.push(key, values[at]!);
  const put = (json: OpenJson, at: number): void => {
    if (at % 2 === 0) pairs.push([json]);
    else (pairs.at(-1) as OpenJson[]).push(json);
  };
  return parts.length === 0 ? [] : [{ parts, at: 0, put }];
}

/** Makes a list under a name of a JSON object, and the task that fills it. */
export function addList(
  json: { [key: string]: OpenJson },
  name: string,
  parts: readonly PickleValue[],
  inner: Task[],
): void {
  const list: OpenJson[] = [];
  json[name] = list;
  inner.push(...listTasks(parts, list));
}
