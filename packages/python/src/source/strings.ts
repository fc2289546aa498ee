import type { Parser } from './parser.ts';
import { FORMAT_COLON } from './token.ts';
import { type Node, other } from './tree.ts';

/** One or more strings side by side, which Python joins. One with replacement fields makes all of it no constant. */
export function strings(p: Parser): Node {
  const { tokens } = p;
  const fields: Node[] = [];
  const texts: (string | undefined)[] = [];
  let formatted = false;
  let bytes: boolean | undefined;
  for (;;) {
    const { kind, text, value } = tokens.peek();
    if (kind !== 'string' && kind !== 'format') break;
    const isBytes = text.includes('b');
    if (bytes !== undefined && bytes !== isBytes)
      throw tokens.failure('cannot mix bytes and nonbytes literals');
    bytes = isBytes;
    tokens.next();
    if (kind === 'string') texts.push(typeof value === 'string' ? value : undefined);
    else {
      formatted = true;
      while (tokens.peek().kind !== 'format-end') field(p, fields);
      tokens.next();
    }
  }
  if (formatted) return other(fields);
  if (bytes === true) return { kind: 'constant', value: undefined };
  return { kind: 'text', value: texts.includes(undefined) ? undefined : texts.join('') };
}

/** A replacement field: `{value = !r : format}`; a format may have fields again. */
function field(p: Parser, parts: Node[]): void {
  const { tokens } = p;
  tokens.expect('{');
  if (tokens.is('}')) throw tokens.failure('f-string: empty expression not allowed');
  parts.push(p.value());
  tokens.take('=');
  const mark = tokens.peek();
  if (tokens.take('!')) {
    const { text, offset } = tokens.expectKind('name');
    const known = text === 's' || text === 'r' || text === 'a';
    if (!known || offset !== mark.offset + 1) throw tokens.failure('f-string: invalid conversion character');
  }
  if (tokens.take(FORMAT_COLON)) while (tokens.is('{')) field(p, parts);
  tokens.expect('}');
}
