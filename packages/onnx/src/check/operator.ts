import { ATTRIBUTE_TYPES } from '../schema/data-type.ts';
import { operators } from './operators.ts';

/** What a version of an operator demands of a node. */
export interface Signature {
  readonly since: number;
  readonly deprecated: boolean;
  readonly inputs: Ends;
  readonly outputs: Ends;
  readonly attributes: ReadonlyMap<string, { readonly type: string; readonly required: boolean }>;
  /** Attributes that it does not name are taken, too. */
  readonly open: boolean;
}

/** The inputs or outputs of an operator. */
export interface Ends {
  /** How many there may be, in words. */
  readonly text: string;
  /** For each: Single, Optional or Variadic, which is the last. */
  readonly kinds: string;
  allows(count: number): boolean;
}

const letters = new Map(Object.keys(ATTRIBUTE_TYPES).map((type, index) => ['fistgFISTGxXpP'[index]!, type]));

/** The newest version of an operator up to the one that is imported; `undefined` where there is none. */
export type Operators = (domain: string, name: string, version: number) => Signature | undefined;

/** Looks operators up in the table; the line of one is parsed when the first node asks for it. */
export function operatorLookup(): Operators {
  const parsed = new Map<string, readonly Signature[]>();
  const lines = new Map(
    Object.entries(operators).flatMap(([domain, text]) =>
      text.split('\n').map((line): [string, string] => [`${domain}|${line.split('|', 1)[0]}`, line]),
    ),
  );
  return (domain, name, version) => {
    const key = `${domain}|${name}`;
    const line = lines.get(key);
    if (line === undefined) return undefined;
    if (!parsed.has(key)) parsed.set(key, parseLine(line));
    return parsed.get(key)!.findLast(({ since }) => since <= version);
  };
}

/** The versions of an operator. One that says no more than its number is as the one before it. */
function parseLine(line: string): Signature[] {
  const versions: Signature[] = [];
  for (const version of line.split('|').slice(1)) {
    const [since, ...rest] = version.split(' ');
    versions.push({ ...(rest.length === 0 ? versions.at(-1)! : parseSignature(rest)), since: Number(since) });
  }
  return versions;
}

function parseSignature(words: readonly string[]): Signature {
  const [inputs, takes, outputs, makes, ...named] = words;
  const attributes = new Map<string, { type: string; required: boolean }>();
  for (const word of named) {
    if (word === '*') continue;
    const [name, kind] = word.split('=') as [string, string];
    attributes.set(name, { type: letters.get(kind[0]!)!, required: kind.endsWith('!') });
  }
  return {
    since: 0,
    deprecated: inputs === 'deprecated',
    inputs: endsOf(inputs, takes),
    outputs: endsOf(outputs, makes),
    attributes,
    open: named.includes('*'),
  };
}

function endsOf(counts = '', kinds = ''): Ends {
  const [least, most] = counts.split('-').map(Number) as [number, number];
  if (!counts.includes('-')) {
    const allowed = counts.split(',').map(Number);
    return { text: allowed.join(' or '), kinds, allows: (count) => allowed.includes(count) };
  }
  if (Number.isNaN(most)) return { text: `${least} or more`, kinds, allows: (count) => count >= least };
  const text = least === most ? `${least}` : `${least} to ${most}`;
  return { text, kinds, allows: (count) => count >= least && count <= most };
}
