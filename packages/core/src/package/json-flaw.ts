import type { Limits } from '@torsh/bytes';

/** A value that is still to be looked at. */
interface Place {
  readonly value: unknown;
  readonly path: string;
  readonly level: number;
}

/** What keeps a value from coming back from JSON as it is; JSON.stringify would make `null` or `{}` of it in silence. */
export function jsonFlaw(value: unknown, { depth }: Pick<Limits, 'depth'>): string | undefined {
  // A stack of our own: values may nest deeper than calls can, and may contain themselves.
  const waiting: Place[] = [{ value, path: '', level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path, level } = next;
    const at = path === '' ? 'it' : path;
    if (typeof value !== 'object' || value === null) {
      const flaw = plainFlaw(value);
      if (flaw !== undefined) return `${at} is ${flaw}`;
      continue;
    }
    if (level >= depth) return `it nests deeper than ${depth} levels (limit depth)`;
    if (!Array.isArray(value) && !isPlain(value)) return `${at} is neither a plain object nor a list`;
    const entries: [string, unknown][] = Array.isArray(value)
      ? Array.from(value as unknown[], (each, index) => [`${index}`, each])
      : // A key without a value is not written.
        Object.entries(value).filter(([, each]) => each !== undefined);
    for (const [key, each] of entries.reverse())
      waiting.push({ value: each, path: `${path}/${key}`, level: level + 1 });
  }
  return undefined;
}

function plainFlaw(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${value}, which JSON has not`;
  return value === undefined ? 'undefined' : `a ${typeof value}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
