import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { suggestion, UsageError } from '../usage.ts';

/** A value of a recipe and where it stands, so that what is wrong with it can be told with its line. */
export interface Place {
  readonly node: Node | null | undefined;
  /** As `actions[1].exclude`; empty for the whole recipe. */
  readonly key: string;
  /** A value within this one. */
  inside(node: unknown, key: string): Place;
  /** Makes the error that something is wrong here. */
  wrong(what: string): UsageError;
}

/** Turns a value into what it should be, or throws the error that it is not. */
export type Reader<T> = (place: Place) => T;

/** Reads YAML, of which JSON is a part; what is no YAML is told with its line. */
export function parseYaml(text: string, file: string): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, intAsBigInt: true, logLevel: 'silent' });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const [what] = error.message.split(/ at line \d+/, 1);
    throw new UsageError(`${at(error.pos[0])}: the recipe is no YAML: ${what}.`);
  }
  const place = (node: Node | null | undefined, key: string): Place => ({
    node,
    key,
    inside: (inner, name) => place(inner as Node | null, name),
    wrong: (what) =>
      new UsageError(
        `${at(node?.range?.[0] ?? 0)}: ${key === '' ? 'the recipe' : key} ${what}`,
        'help package',
      ),
  });
  return place(document.contents, '');
}

/** A text. */
export const text: Reader<string> = ({ node, wrong }) => {
  if (isScalar(node) && typeof node.value === 'string') return node.value;
  throw wrong('must be a text; quotes make one of anything.');
};

/** A text that is not empty. */
export const name: Reader<string> = (place) => {
  const value = text(place);
  if (value === '') throw place.wrong('must not be empty.');
  return value;
};

/** `true` or `false`. */
export const flag: Reader<boolean> = ({ node, wrong }) => {
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  throw wrong('must be true or false.');
};

/** One of these whole numbers. */
export function oneOf<const N extends number>(...numbers: readonly N[]): Reader<N> {
  return ({ node, wrong }) => {
    const found = isScalar(node) ? numbers.find((number) => node.value === BigInt(number)) : undefined;
    if (found === undefined) throw wrong(`must be ${numbers.join(' or ')}.`);
    return found;
  };
}

/** A list; a missing one has nothing in it. */
export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return ({ node, key, inside, wrong }) => {
    if (!isSeq(node)) throw wrong('must be a list.');
    return node.items.map((item, index) => reader(inside(item, `${key}[${index}]`)));
  };
}

/** One text, or a list of them. */
export const names: Reader<string | readonly string[]> = (place) =>
  isScalar(place.node) ? name(place) : list(name)(place);

/** The values of a record: of the keys that it may have, those that are there. */
export type Fields<R extends { readonly [key: string]: Reader<unknown> }> = {
  readonly [K in keyof R]?: ReturnType<R[K]>;
};

/** A record with some of these keys and no others. */
export function record<R extends { readonly [key: string]: Reader<unknown> }>(
  readers: R,
): (place: Place) => Fields<R> & { readonly place: Place } {
  return (place) => {
    const { node, key, inside, wrong } = place;
    if (!isMap(node)) throw wrong(`must have keys: ${Object.keys(readers).join(', ')}.`);
    const fields: { [name: string]: unknown } = { place };
    for (const { key: keyNode, value } of node.items) {
      const at = inside(keyNode, key);
      const field = isScalar(keyNode) ? String(keyNode.value) : '';
      if (!Object.hasOwn(readers, field)) {
        const known = Object.keys(readers);
        const near = suggestion(field, known) || ` There are ${known.join(', ')}.`;
        throw at.wrong(`has the key "${field}", which means nothing here.${near}`);
      }
      fields[field] = readers[field]!(inside(value ?? keyNode, key === '' ? field : `${key}.${field}`));
    }
    return fields as Fields<R> & { readonly place: Place };
  };
}

/** A value that must be there. */
export function needed<T>(value: T | undefined, place: Place, key: string): T {
  if (value === undefined) throw place.wrong(`lacks "${key}".`);
  return value;
}
