import type { Parser } from './parser.ts';
import type { TokenReader } from './reader.ts';
import type { Node } from './tree.ts';

/** `import a.b as c, d`, after the first word. */
export function importNames({ tokens }: Parser): Node {
  const names: string[] = [];
  do {
    names.push(dottedName(tokens));
    takeAlias(tokens);
  } while (tokens.take(','));
  return { kind: 'import', names };
}

/** `from ..a.b import c as d, e`, after the first word. */
export function importFrom({ tokens }: Parser): Node {
  let level = 0;
  for (;;) {
    if (tokens.take('.')) level++;
    else if (tokens.take('...')) level += 3;
    else break;
  }
  const module = level > 0 && tokens.is('import') ? '' : dottedName(tokens);
  tokens.expect('import');
  if (tokens.take('*')) return { kind: 'from', module, level, names: ['*'] };
  const names: string[] = [];
  const bracket = tokens.take('(');
  do {
    if (bracket && names.length > 0 && tokens.is(')')) break;
    names.push(tokens.expectKind('name').text);
    takeAlias(tokens);
  } while (tokens.take(','));
  if (bracket) tokens.expect(')');
  return { kind: 'from', module, level, names };
}

function dottedName(tokens: TokenReader): string {
  const parts: string[] = [];
  do parts.push(tokens.expectKind('name').text);
  while (tokens.take('.'));
  return parts.join('.');
}

function takeAlias(tokens: TokenReader): void {
  if (tokens.take('as')) tokens.expectKind('name');
}
