import { type ErrorCode, TorshError } from '@torsh/bytes';

/** What a scan is told of its text. */
export interface JsonOptions {
  /** What the text is, for messages: "the header". */
  readonly what: string;
  /** How deep objects and lists may nest. */
  readonly depth: number;
  /** Where the text begins in its file, in bytes; absent for text that has no place of its own. */
  readonly base?: number | undefined;
}

/**
 * Reads JSON text front to back, as strictly as it is specified. Made for hostile headers: the caller knows which
 * value comes next, so nothing is built that was not asked for, and keys that come twice are seen.
 */
export interface JsonScanner {
  /** The first character of the next token, 0 at the end. */
  next(): number;
  /** Where the next token begins, in characters. */
  position(): number;
  /** Calls `member` for each key, which must consume the value. */
  object(member: (key: string, at: number) => void): void;
  /** Calls `item` for each value, which must consume it. */
  array(item: (index: number) => void): void;
  string(): string;
  /** A whole number from 0 to 2^53 − 1, written without sign, point or exponent. */
  integer(): number;
  /** Consumes any value, checks it, and gives its text. */
  skip(): string;
  /** Fails unless nothing but white space is left. */
  end(): void;
  fail(message: string, at?: number, code?: ErrorCode): never;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const ZERO = 0x30;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const words: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** A scanner for one text. */
export function scanJson(text: string, options: JsonOptions): JsonScanner {
  const length = text.length;
  const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  let at = 0;
  let depth = 0;

  const fail = (message: string, where: number = at, code: ErrorCode = 'malformed'): never => {
    // Only errors need bytes: counting them for every token would cost more than the scan.
    const offset =
      options.base === undefined
        ? undefined
        : options.base + new TextEncoder().encode(text.slice(0, where)).length;
    throw new TorshError(code, clipped(message), { offset });
  };

  const next = (): number => {
    while (at < length) {
      const char = text.charCodeAt(at);
      if (char !== 0x20 && char !== 0x0a && char !== 0x0d && char !== 0x09) return char;
      at++;
    }
    return 0;
  };

  const wrong = (wanted: string): never => {
    if (next() === 0 && at >= length) fail(`The text of ${options.what} ends where ${wanted} should come.`);
    return fail(`In ${options.what}, ${wanted} should come here, not ${JSON.stringify(text.charAt(at))}.`);
  };

  const take = (char: number, wanted: string): void => {
    if (next() !== char) wrong(wanted);
    at++;
  };

  const hex = (): number => {
    const digits = text.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits))
      fail(`In ${options.what}, \\u is not followed by four hexadecimal digits.`);
    at += 4;
    return Number.parseInt(digits, 16);
  };

  const escaped = (): string => {
    const start = at;
    const letter = text.charAt(++at);
    at++;
    const plain = escapes[letter];
    if (plain !== undefined) return plain;
    if (letter !== 'u')
      fail(`In ${options.what}, a text has the escape \\${letter}, which JSON does not know.`, start);
    const first = hex();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    // A surrogate is half a character: alone it cannot be written as UTF-8 again.
    if (first < 0xdc00 && text.startsWith('\\u', at)) {
      at += 2;
      const second = hex();
      if (second >= 0xdc00 && second <= 0xdfff) return String.fromCharCode(first, second);
    }
    return fail(`In ${options.what}, a text has half of a surrogate pair, which is not a character.`, start);
  };

  const string = (): string => {
    if (next() !== QUOTE) wrong('a text');
    const open = at;
    let start = ++at;
    let before = '';
    for (; at < length; ) {
      const char = text.charCodeAt(at);
      if (char === QUOTE) return before + text.slice(start, at++);
      if (char < 0x20) fail(`In ${options.what}, a text has a raw control character.`);
      if (char === BACKSLASH) {
        before += text.slice(start, at);
        before += escaped();
        start = at;
      } else at++;
    }
    return fail(`In ${options.what}, a text is not closed.`, open);
  };

  const integer = (): number => {
    const first = next();
    const start = at;
    if (first < ZERO || first > ZERO + 9) wrong('a whole number, 0 or more,');
    let value = 0;
    let digit = first - ZERO;
    for (; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - ZERO) {
      if (at === start + 1 && first === ZERO) fail(`In ${options.what}, a number begins with 0.`, start);
      value = value * 10 + digit;
      if (value > Number.MAX_SAFE_INTEGER) {
        fail(`In ${options.what}, a number is above 2^53; no real file is that large.`, start, 'limit');
      }
    }
    if ('.eE'.includes(text.charAt(at) || ' ')) {
      fail(`In ${options.what}, a number has a point or an exponent; it must be whole.`, start);
    }
    return value;
  };

  const list = (open: number, close: number, wanted: string, each: (index: number) => void): void => {
    take(open, wanted);
    if (++depth > options.depth) {
      fail(`In ${options.what}, values are nested more than ${options.depth} deep.`, at - 1, 'limit');
    }
    for (let index = 0; ; index++) {
      if (index === 0 && next() === close) break;
      each(index);
      if (next() !== COMMA) break;
      at++;
    }
    take(close, close === CLOSE_OBJECT ? '"," or "}"' : '"," or "]"');
    depth--;
  };

  const object = (member: (key: string, at: number) => void): void =>
    list(OPEN_OBJECT, CLOSE_OBJECT, 'an object', () => {
      next();
      const start = at;
      const key = string();
      take(COLON, '":"');
      member(key, start);
    });

  const array = (item: (index: number) => void): void => list(OPEN_LIST, CLOSE_LIST, 'a list', item);

  const scalar = (): void => {
    number.lastIndex = at;
    const found = number.exec(text)?.[0];
    const word = words[text.charAt(at)];
    if (found !== undefined) {
      if (!Number.isFinite(Number(found))) fail(`In ${options.what}, a number is too large.`);
      at += found.length;
    } else if (word !== undefined && text.startsWith(word, at)) at += word.length;
    else wrong('a value');
  };

  const skip = (): string => {
    const first = next();
    const start = at;
    if (first === OPEN_OBJECT) object(skip);
    else if (first === OPEN_LIST) array(skip);
    else if (first === QUOTE) string();
    else scalar();
    return text.slice(start, at);
  };

  const end = (): void => {
    next();
    if (at < length) fail(`In ${options.what}, something follows the end of the JSON value.`);
  };

  const position = (): number => {
    next();
    return at;
  };

  return { next, position, object, array, string, integer, skip, end, fail };
}

/** Names in a hostile file may be megabytes long; a message is for people. */
function clipped(message: string): string {
  return message.length <= 1000 ? message : `${message.slice(0, 500)} … ${message.slice(-400)}`;
}
