import { SyntaxFailure } from './failure.ts';
import { type OpenFormat, scanLiteral } from './format-string.ts';
import { type Column, indent, measure } from './indentation.ts';
import { scanName } from './scan-name.ts';
import { scanNumber } from './scan-number.ts';
import { scanString, stringStart } from './scan-string.ts';
import { FORMAT_COLON, keywords, operators, type Token, type TokenKind } from './token.ts';

/** As deep as CPython lets brackets nest. */
const MAX_BRACKETS = 200;

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

const starts = new Set(operators.map((operator) => operator[0]));

/** The tokens of Python source whose lines end in `\n`, in one pass. Throws `SyntaxFailure`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const blocks: Column[] = [];
  const brackets: { readonly open: string; readonly offset: number }[] = [];
  const formats: OpenFormat[] = [];
  let at = 0;

  const push = (kind: TokenKind, text: string, end: number, value?: string | number) => {
    tokens.push({ kind, text, offset: at, value });
    at = end;
  };

  const open = (bracket: string) => {
    if (brackets.length >= MAX_BRACKETS) throw new SyntaxFailure('too many nested parentheses', at);
    brackets.push({ open: bracket, offset: at });
  };

  const close = (bracket: string) => {
    const last = brackets.pop();
    if (last === undefined) throw new SyntaxFailure(`unmatched '${bracket}'`, at);
    if (closing[last.open] !== bracket) {
      throw new SyntaxFailure(
        `closing parenthesis '${bracket}' does not match opening parenthesis '${last.open}'`,
        at,
      );
    }
  };

  /** At the start of a line outside of brackets. Lines without code say nothing about blocks. */
  const startLine = () => {
    const { column, end } = measure(source, at);
    at = end;
    const char = source[at];
    if (char === undefined || char === '\n' || char === '#') return;
    for (let change = indent(blocks, column, at); change !== 0; change -= Math.sign(change)) {
      push(change > 0 ? 'indent' : 'dedent', '', at);
    }
  };

  const endLine = () => {
    const last = tokens.at(-1)?.kind;
    const empty = last === undefined || last === 'newline' || last === 'indent' || last === 'dedent';
    if (!empty) push('newline', '', at);
  };

  const literal = (format: OpenFormat) => {
    const { end, what } = scanLiteral(source, at, format);
    if (what === '{') {
      at = end - 1;
      open('{');
      format.fields.push({ depth: brackets.length, specification: false });
      push('operator', '{', end);
    } else if (what === '}') {
      at = end - 1;
      close('}');
      format.fields.pop();
      push('operator', '}', end);
    } else {
      formats.pop();
      push('format-end', '', end);
    }
  };

  /** What only means something in a replacement field: its end, its conversion and its format. */
  const field = (format: OpenFormat, char: string): boolean => {
    const current = format.fields.at(-1);
    if (current?.depth !== brackets.length) return false;
    // The colon of a format is no colon of a lambda, so it has a text of its own.
    if (char === ':') current.specification = true;
    else if (char === '}') {
      close('}');
      format.fields.pop();
    } else if (char !== '!' || source[at + 1] === '=') return false;
    push('operator', char === ':' ? FORMAT_COLON : char, at + 1);
    return true;
  };

  const code = (char: string) => {
    const start = stringStart(source, at);
    if (start !== undefined) {
      if (/[ft]/.test(start.prefix)) {
        formats.push({ start, fields: [] });
        push('format', start.prefix, start.body);
      } else {
        const { end, value } = scanString(source, start);
        push('string', start.prefix, end, value);
      }
      return;
    }
    if (/^[0-9]$/.test(char) || (char === '.' && /^[0-9]$/.test(source[at + 1] ?? ''))) {
      const { end, value, imaginary } = scanNumber(source, at);
      push('number', imaginary ? 'j' : '', end, value);
      return;
    }
    const end = scanName(source, at);
    if (end > at) {
      const text = source.slice(at, end).normalize('NFKC');
      push(keywords.has(text) ? 'keyword' : 'name', text, end);
      return;
    }
    const operator = starts.has(char) ? operators.find((one) => source.startsWith(one, at)) : undefined;
    if (operator === undefined) throw new SyntaxFailure(`invalid character '${char}'`, at);
    if (closing[operator] !== undefined) open(operator);
    else if (operator === ')' || operator === ']' || operator === '}') close(operator);
    push('operator', operator, at + operator.length);
  };

  startLine();
  while (at < source.length) {
    const format = formats.at(-1);
    if (format !== undefined && (format.fields.at(-1)?.specification ?? true)) {
      literal(format);
      continue;
    }
    const char = source[at] ?? '';
    if (char === ' ' || char === '\t' || char === '\f') at++;
    else if (char === '#') {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (char === '\n') {
      if (brackets.length === 0) endLine();
      at++;
      if (brackets.length === 0) startLine();
    } else if (char === '\\') {
      if (source[at + 1] !== '\n') {
        throw new SyntaxFailure('unexpected character after line continuation character', at);
      }
      at += 2;
      if (at === source.length) throw new SyntaxFailure('unexpected EOF while parsing', at);
    } else if (format === undefined || !field(format, char)) code(char);
  }
  const unclosed = formats.at(-1);
  if (unclosed !== undefined) throw new SyntaxFailure('unterminated f-string literal', unclosed.start.body);
  const bracket = brackets.at(-1);
  if (bracket !== undefined) throw new SyntaxFailure(`'${bracket.open}' was never closed`, bracket.offset);
  endLine();
  for (const _ of blocks) push('dedent', '', at);
  push('end', '', at);
  return tokens;
}
