import { readEscape } from './escapes.ts';
import { SyntaxFailure } from './failure.ts';
import { type StringStart, unterminated } from './scan-string.ts';

/** An f-string that is being read: its replacement fields that are open, the innermost last. */
export interface OpenFormat {
  readonly start: StringStart;
  readonly fields: { readonly depth: number; specification: boolean }[];
}

/** What ended a run of literal text: a field that opens or closes, or the end of the string. */
export interface LiteralEnd {
  readonly end: number;
  readonly what: '{' | '}' | 'quote';
}

/** Reads the literal text of an f-string, or of the format of one of its fields, up to what ends it. */
export function scanLiteral(source: string, offset: number, { start, fields }: OpenFormat): LiteralEnd {
  const specification = fields.length > 0;
  const raw = start.prefix.includes('r');
  for (let at = offset; ; ) {
    const char = source[at];
    if (char === undefined || (char === '\n' && start.quote.length === 1))
      throw unterminated(start, start.quote);
    if (char === start.quote[0] && source.startsWith(start.quote, at)) {
      if (specification) throw new SyntaxFailure("f-string: expecting '}'", at);
      return { end: at + start.quote.length, what: 'quote' };
    }
    if (char === '{' || char === '}') {
      if (specification || source[at + 1] !== char) {
        if (char === '}' && !specification)
          throw new SyntaxFailure("f-string: single '}' is not allowed", at);
        return { end: at + 1, what: char };
      }
      at += 2;
    } else if (char !== '\\') at++;
    else at = afterBackslash(source, at, raw);
  }
}

/** A backslash never hides a brace. */
function afterBackslash(source: string, at: number, raw: boolean): number {
  const next = source[at + 1];
  if (next === '{' || next === '}') return at + 1;
  if (!raw) return readEscape(source, at, false).end;
  return next === undefined ? at + 1 : at + 2;
}
