import type { Parser } from './parser.ts';
import type { TokenReader } from './reader.ts';
import { strings } from './strings.ts';

/** The pattern of a `case`. It can hold no call, so it is checked and dropped. */
export function casePatterns(p: Parser): void {
  const { tokens } = p;
  const starred = tokens.is('*');
  starPattern(p);
  if (starred && !tokens.is(',')) throw tokens.failure();
  while (tokens.take(',') && !tokens.is(':') && !tokens.is('if')) starPattern(p);
}

function starPattern(p: Parser): void {
  if (p.tokens.take('*')) p.tokens.expectKind('name');
  else asPattern(p);
}

function asPattern(p: Parser): void {
  do closedPattern(p);
  while (p.tokens.take('|'));
  if (p.tokens.take('as') && p.tokens.expectKind('name').text === '_') {
    throw p.tokens.failure("cannot use '_' as a target");
  }
}

function closedPattern(p: Parser): void {
  const { tokens } = p;
  const { kind } = tokens.peek();
  if (kind === 'string' || kind === 'format') strings(p);
  else if (kind === 'number' || tokens.is('-')) number(tokens);
  else if (kind === 'name') nameOrClass(p);
  else if (tokens.take('(')) group(p);
  else if (tokens.take('[')) sequence(p, ']');
  else if (tokens.take('{')) mapping(p);
  else if (!tokens.take('None') && !tokens.take('True') && !tokens.take('False')) throw tokens.failure();
}

/** A number with a sign, or a complex one. */
function number(tokens: TokenReader): void {
  tokens.take('-');
  tokens.expectKind('number');
  if (!tokens.take('+') && !tokens.take('-')) return;
  if (tokens.expectKind('number').text !== 'j')
    throw tokens.failure('imaginary number required in complex literal');
}

function nameOrClass(p: Parser): void {
  const { tokens } = p;
  do tokens.expectKind('name');
  while (tokens.take('.'));
  if (!tokens.take('(')) return;
  let named = false;
  while (!tokens.is(')')) {
    if (tokens.peek().kind === 'name' && tokens.is('=', 1)) {
      tokens.next();
      tokens.next();
      named = true;
    } else if (named) throw tokens.failure('positional patterns follow keyword patterns');
    asPattern(p);
    if (!tokens.take(',')) break;
  }
  tokens.expect(')');
}

function sequence(p: Parser, end: string): void {
  const { tokens } = p;
  while (!tokens.is(end)) {
    starPattern(p);
    if (!tokens.take(',')) break;
  }
  tokens.expect(end);
}

/** A pattern in brackets, or a sequence; a star needs a sequence. */
function group(p: Parser): void {
  const { tokens } = p;
  if (tokens.is('*') && !tokens.is(',', 2)) throw tokens.failure();
  sequence(p, ')');
}

function mapping(p: Parser): void {
  const { tokens } = p;
  while (!tokens.is('}')) {
    if (tokens.take('**')) {
      tokens.expectKind('name');
      tokens.take(',');
      break;
    }
    const name = tokens.peek().kind === 'name' && !tokens.is('.', 1);
    if (name || tokens.is('(') || tokens.is('[') || tokens.is('{')) throw tokens.failure();
    closedPattern(p);
    tokens.expect(':');
    asPattern(p);
    if (!tokens.take(',')) break;
  }
  tokens.expect('}');
}
