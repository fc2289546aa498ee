import { readEscape } from './escapes.ts';
import { SyntaxFailure } from './failure.ts';

/** How a string begins: its prefix in small letters, its quote, and where its text starts. */
export interface StringStart {
  readonly prefix: string;
  readonly quote: string;
  readonly body: number;
}

const START = /([rR]?[bBfFtT]?|[bBfFtT][rR]|[uU])('''|"""|'|")/y;

/** The string that begins at an offset, if one does. */
export function stringStart(source: string, offset: number): StringStart | undefined {
  START.lastIndex = offset;
  const match = START.exec(source);
  if (match === null) return undefined;
  const [whole, prefix = '', quote = ''] = match;
  return { prefix: prefix.toLowerCase(), quote, body: offset + whole.length };
}

/** Where a string without replacement fields ends, and what it says; nothing for bytes and for named characters. */
export function scanString(source: string, start: StringStart): { end: number; value: string | undefined } {
  const { prefix, quote, body } = start;
  const raw = prefix.includes('r');
  const bytes = prefix.includes('b');
  const parts: (string | undefined)[] = [];
  let copied = body;
  for (let at = body; ; ) {
    const char = source[at];
    if (char === undefined || (char === '\n' && quote.length === 1)) throw unterminated(start, quote);
    if (char === quote[0] && source.startsWith(quote, at)) {
      parts.push(source.slice(copied, at));
      return {
        end: at + quote.length,
        value: bytes || parts.includes(undefined) ? undefined : parts.join(''),
      };
    }
    if (bytes && char > '\x7f') {
      throw new SyntaxFailure('bytes can only contain ASCII literal characters', at);
    }
    if (char !== '\\') at++;
    else if (raw) at += source[at + 1] === undefined ? 1 : 2;
    else {
      const read = readEscape(source, at, bytes);
      parts.push(source.slice(copied, at), read.text);
      at = read.end;
      copied = at;
    }
  }
}

/** The failure of a string that has no end. */
export function unterminated({ body }: { readonly body: number }, quote: string): SyntaxFailure {
  const message =
    quote.length === 1 ? 'unterminated string literal' : 'unterminated triple-quoted string literal';
  return new SyntaxFailure(message, body - 1);
}
