import { flawed } from '../version/text.ts';

/** One side of a comparison: a variable of the environment, or a text. */
export type MarkerValue = { readonly variable: string } | { readonly text: string };

/** A condition of PEP 508 as a tree. */
export type Marker =
  | { readonly all: readonly Marker[] }
  | { readonly any: readonly Marker[] }
  | { readonly left: MarkerValue; readonly operator: string; readonly right: MarkerValue };

/** The variables of PEP 508, and the old spellings that files still have. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ...[
    'python_version',
    'python_full_version',
    'os_name',
    'sys_platform',
    'platform_machine',
    'platform_python_implementation',
    'platform_release',
    'platform_system',
    'platform_version',
    'implementation_name',
    'implementation_version',
    'extra',
  ].map((name) => [name, name] as const),
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.version', 'platform_version'],
  ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
]);

const TOKEN = /\s*(?:([()])|(===|==|~=|!=|<=|>=|<|>)|'([^']*)'|"([^"]*)"|([A-Za-z_.]+))/y;

interface Tokens {
  /** The token at hand: a parenthesis, an operator or a word; of a quoted text nothing. */
  readonly word: string | undefined;
  readonly quoted: string | undefined;
  next(): void;
  fail(flaw: string): Error;
}

/** A marker from its text. It is at most as deep as it is long, and its length is bounded by whoever read the requirement. */
export function parseMarker(text: string): Marker {
  const tokens = scan(text);
  const marker = parseAny(tokens);
  if (tokens.word !== undefined || tokens.quoted !== undefined)
    throw tokens.fail(`${tokens.word ?? 'a text'} follows its end`);
  return marker;
}

function scan(text: string): Tokens {
  let [at, word, quoted]: [number, string | undefined, string | undefined] = [0, undefined, undefined];
  const fail = (flaw: string) => flawed(text, 'a marker', flaw);
  const next = () => {
    [word, quoted] = [undefined, undefined];
    if (text.slice(at).trim() === '') return;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw fail(`${JSON.stringify(text.slice(at, at + 10).trim())} is not expected`);
    at = TOKEN.lastIndex;
    quoted = match[3] ?? match[4];
    word = match[1] ?? match[2] ?? match[5];
  };
  next();
  return {
    get word() {
      return word;
    },
    get quoted() {
      return quoted;
    },
    next,
    fail,
  };
}

function parseAny(tokens: Tokens): Marker {
  const any = [parseAll(tokens)];
  while (tokens.word === 'or') {
    tokens.next();
    any.push(parseAll(tokens));
  }
  return any.length === 1 ? any[0]! : { any };
}

function parseAll(tokens: Tokens): Marker {
  const all = [parseOne(tokens)];
  while (tokens.word === 'and') {
    tokens.next();
    all.push(parseOne(tokens));
  }
  return all.length === 1 ? all[0]! : { all };
}

function parseOne(tokens: Tokens): Marker {
  if (tokens.word === '(') {
    tokens.next();
    const inner = parseAny(tokens);
    close(tokens);
    return inner;
  }
  const left = parseValue(tokens);
  const operator = parseOperator(tokens);
  const right = parseValue(tokens);
  if ('text' in left && 'text' in right) throw tokens.fail('it compares two texts');
  return { left, operator, right };
}

function close(tokens: Tokens): void {
  if (tokens.word !== ')') throw tokens.fail('a parenthesis is not closed');
  tokens.next();
}

function parseOperator(tokens: Tokens): string {
  let operator = tokens.word;
  tokens.next();
  if (operator === 'not') {
    if (tokens.word !== 'in') throw tokens.fail('"not" stands without "in"');
    operator = 'not in';
    tokens.next();
  }
  if (operator === undefined || !/^(not in|in|[<>=!~]+)$/.test(operator))
    throw tokens.fail('an operator is missing');
  return operator;
}

function parseValue(tokens: Tokens): MarkerValue {
  const { word, quoted } = tokens;
  const variable = word === undefined ? undefined : VARIABLES.get(word);
  if (quoted === undefined && variable === undefined)
    throw tokens.fail(word === undefined ? 'it ends early' : `${word} is no variable of an environment`);
  tokens.next();
  return quoted === undefined ? { variable: variable! } : { text: quoted };
}
