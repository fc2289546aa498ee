import type { Limits } from '@torsh/bytes';
import type { JsonScanner } from '@torsh/core';

/** A config that is being read. */
export interface Parsing {
  readonly scanner: JsonScanner;
  readonly limits: Limits;
  /** Fields that say something and that torsh does not know: a later torch may have more to say. */
  readonly unknown: Set<string>;
}

/** Reads an object whose fields are known, each at most once. */
export function fields(
  { scanner, unknown }: Parsing,
  what: string,
  readers: Readonly<Record<string, (at: number) => unknown>>,
): void {
  const seen = new Set<string>();
  scanner.object((key, at) => {
    if (seen.has(key)) scanner.fail(`${what} has the field ${JSON.stringify(key)} twice.`, at);
    seen.add(key);
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader !== undefined) reader(at);
    else if (scanner.skip() !== 'null') unknown.add(key);
  });
}

/** The one value of `named`, which the object that begins at `start` must have. */
export function required<T>(
  { scanner }: Parsing,
  start: number,
  what: string,
  named: { readonly [field: string]: T | undefined },
): T {
  const [[field, value]] = Object.entries(named) as [[string, T | undefined]];
  return value ?? scanner.fail(`${what} has no field ${field}.`, start);
}

/** `true` or `false`. */
export function boolean({ scanner }: Parsing): boolean {
  const at = scanner.position();
  const text = scanner.skip();
  if (text !== 'true' && text !== 'false') scanner.fail('This should be true or false.', at);
  return text === 'true';
}
