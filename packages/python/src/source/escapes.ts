import { SyntaxFailure } from './failure.ts';

const single: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const hexadecimal: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** An escape: where it ends and what it stands for; nothing where only a table of character names would tell. */
export interface Escape {
  readonly end: number;
  readonly text: string | undefined;
}

/** Reads the escape whose backslash is at an offset. Python keeps a backslash before any other character as it is. */
export function readEscape(source: string, offset: number, bytes: boolean): Escape {
  const kind = source[offset + 1] ?? '';
  const plain = single[kind];
  if (plain !== undefined) return { end: offset + 2, text: plain };
  const octal = /^[0-7]{1,3}/.exec(source.slice(offset + 1, offset + 4));
  if (octal !== null) {
    return { end: offset + 1 + octal[0].length, text: String.fromCharCode(Number.parseInt(octal[0], 8)) };
  }
  const length = bytes && kind !== 'x' ? undefined : hexadecimal[kind];
  if (length !== undefined) return readHexadecimal(source, offset, length, bytes);
  if (kind === 'N' && !bytes) {
    const end = source[offset + 2] === '{' ? source.indexOf('}', offset + 3) : -1;
    if (end < offset + 4) throw new SyntaxFailure('malformed \\N character escape', offset);
    return { end: end + 1, text: undefined };
  }
  return { end: offset + 1, text: '\\' };
}

function readHexadecimal(source: string, offset: number, length: number, bytes: boolean): Escape {
  const digits = source.slice(offset + 2, offset + 2 + length);
  const value = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1;
  if (value < 0 || value > 0x10ffff) {
    throw new SyntaxFailure(bytes ? 'invalid \\x escape' : 'truncated or illegal escape in a string', offset);
  }
  return { end: offset + 2 + length, text: String.fromCodePoint(value) };
}
