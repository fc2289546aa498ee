import type { Json } from '../archive.ts';

/** A place in metadata that is not the same; what is not there is absent. */
export interface JsonDifference {
  /** A JSON Pointer. */
  readonly path: string;
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
}

/** Every place in which two values of JSON differ; lists are compared by position. */
export function compareJson(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
): JsonDifference[] {
  const found: JsonDifference[] = [];
  // A stack of our own: values of files may nest as deep as the limits allow.
  const waiting: JsonDifference[] = [{ path, before, after }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [left, right] = [entriesOf(next.before), entriesOf(next.after)];
    if (
      left === undefined ||
      right === undefined ||
      Array.isArray(next.before) !== Array.isArray(next.after)
    ) {
      if (left !== undefined || right !== undefined || !Object.is(next.before, next.after)) found.push(next);
      continue;
    }
    const keys = new Set([...left.keys(), ...right.keys()]);
    for (const key of [...keys].reverse()) {
      const pointer = `${next.path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      waiting.push({ path: pointer, before: left.get(key), after: right.get(key) });
    }
  }
  return found;
}

function entriesOf(value: Json | undefined): Map<string, Json> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}
