import type { Limits } from '@torsh/bytes';
import type { JsonScanner } from '@torsh/core';

/** Protobuf's JSON: fields in camelCase (or as the schema spells them), 64-bit integers as texts, `null` as "not there". */

/** Reads an object whose fields are known by name; a field that comes twice is refused, an unknown one is passed over. */
export function message(json: JsonScanner, fields: Readonly<Record<string, () => unknown>>): void {
  const seen = new Set<string>();
  json.object((key, at) => {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (seen.has(name)) json.fail(`The field ${JSON.stringify(name)} comes twice.`, at);
    seen.add(name);
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (read === undefined || json.next() === NULL) json.skip();
    else read();
  });
}

/** Reads a list, whose length `limit` bounds. */
export function list<T>(
  json: JsonScanner,
  limits: Limits,
  item: () => T,
  limit: 'entries' | 'dimensions' = 'entries',
): T[] {
  const items: T[] = [];
  json.array((index) => {
    if (index >= limits[limit])
      json.fail(`A list has more than ${limits[limit]} values (limit ${limit}).`, undefined, 'limit');
    items.push(item());
  });
  return items;
}

const NULL = 'n'.charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);

/** A whole number, with or without quotes, which may be negative. */
export function integer(json: JsonScanner): number {
  const at = json.position();
  const text = json.next() === QUOTE ? json.string() : json.skip();
  if (!/^-?(0|[1-9][0-9]*)$/.test(text)) json.fail('A whole number should come here.', at);
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    json.fail('A number is above 2^53; no real file is that large.', at, 'limit');
  return value;
}

/** A number, or one of the three texts for those that JSON does not have. */
export function float(json: JsonScanner): number {
  const at = json.position();
  const text = json.next() === QUOTE ? json.string() : json.skip();
  if (/^(NaN|-?Infinity)$/.test(text) || /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text))
    return Number(text);
  return json.fail('A number should come here.', at);
}

export function truth(json: JsonScanner): boolean {
  const at = json.position();
  const text = json.skip();
  if (text !== 'true' && text !== 'false') json.fail('"true" or "false" should come here.', at);
  return text === 'true';
}
