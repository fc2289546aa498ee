import type { Block } from './definitions.ts';
import { classDefinition, functionDefinition } from './definitions.ts';
import type { Parser } from './parser.ts';
import { casePatterns } from './patterns.ts';
import type { TokenReader } from './reader.ts';
import { simpleStatements } from './simple-statements.ts';
import { target, targets } from './targets.ts';
import { type Node, other } from './tree.ts';

const byKeyword: Readonly<Record<string, (p: Parser) => Node>> = {
  if: conditional,
  while: whileLoop,
  for: forLoop,
  with: withStatement,
  try: tryStatement,
  def: (p) => functionDefinition(p, [], block),
  class: (p) => classDefinition(p, [], block),
  async: (p) => asynchronous(p, []),
};

/** One statement of any kind, or all statements of one line. */
export function statement(p: Parser, into: Node[]): void {
  const { tokens } = p;
  const { kind, text } = tokens.peek();
  const known = kind === 'keyword' ? byKeyword[text] : undefined;
  if (known !== undefined) {
    tokens.next();
    into.push(known(p));
  } else if (tokens.is('@')) into.push(decorated(p));
  else if (kind === 'name' && text === 'match' && startsMatch(tokens)) into.push(match(p));
  else simpleStatements(p, into);
}

/** What follows a colon: the rest of the line, or an indented block. */
const block: Block = (p, into) => {
  const { tokens } = p;
  tokens.expect(':');
  if (tokens.peek().kind !== 'newline') {
    simpleStatements(p, into);
    return;
  }
  tokens.next();
  if (tokens.peek().kind !== 'indent') throw tokens.failure('expected an indented block');
  tokens.next();
  while (tokens.peek().kind !== 'dedent') statement(p, into);
  tokens.next();
};

function conditional(p: Parser): Node {
  const parts: Node[] = [];
  do {
    parts.push(p.named());
    block(p, parts);
  } while (p.tokens.take('elif'));
  return alternative(p, parts);
}

function whileLoop(p: Parser): Node {
  const parts = [p.named()];
  block(p, parts);
  return alternative(p, parts);
}

function forLoop(p: Parser): Node {
  const parts = [targets(p)];
  p.tokens.expect('in');
  parts.push(p.expressions());
  block(p, parts);
  return alternative(p, parts);
}

function alternative(p: Parser, parts: Node[]): Node {
  if (p.tokens.take('else')) block(p, parts);
  return other(parts);
}

function withStatement(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  const bracket = startsBracketedItems(tokens);
  if (bracket) tokens.next();
  do {
    if (bracket && parts.length > 0 && tokens.is(')')) break;
    parts.push(p.expression());
    if (tokens.take('as')) parts.push(target(p));
  } while (tokens.take(','));
  if (bracket) tokens.expect(')');
  block(p, parts);
  return other(parts);
}

/** Whether items of `with` stand in brackets: only then is there an `as` directly within them. */
function startsBracketedItems(tokens: TokenReader): boolean {
  if (!tokens.is('(')) return false;
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const { kind, text } = tokens.peek(ahead);
    if (kind === 'newline' || kind === 'end') return false;
    if (kind === 'keyword' && text === 'as' && depth === 1) return true;
    if (kind !== 'operator') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if ((text === ')' || text === ']' || text === '}') && --depth === 0) return false;
  }
}

function tryStatement(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  block(p, parts);
  const forms = new Set<boolean>();
  while (tokens.take('except')) {
    const star = tokens.take('*');
    forms.add(star);
    if (forms.size > 1) throw tokens.failure("cannot have both 'except' and 'except*' on the same 'try'");
    if (star || !tokens.is(':')) parts.push(...caught(p));
    block(p, parts);
  }
  if (forms.size > 0 && tokens.take('else')) block(p, parts);
  if (tokens.take('finally')) block(p, parts);
  else if (forms.size === 0) throw tokens.failure("expected 'except' or 'finally' block");
  return other(parts);
}

/** What an `except` names; several without brackets since Python 3.14. */
function caught(p: Parser): Node[] {
  const { tokens } = p;
  const parts = [p.expression()];
  if (tokens.take('as')) tokens.expectKind('name');
  else while (tokens.take(',') && !tokens.is(':')) parts.push(p.expression());
  return parts;
}

function decorated(p: Parser): Node {
  const { tokens } = p;
  const decorators: Node[] = [];
  while (tokens.take('@')) {
    decorators.push(p.named());
    tokens.expectKind('newline');
  }
  if (tokens.take('def')) return functionDefinition(p, decorators, block);
  if (tokens.take('class')) return classDefinition(p, decorators, block);
  tokens.expect('async');
  return asynchronous(p, decorators);
}

function asynchronous(p: Parser, decorators: readonly Node[]): Node {
  const { tokens } = p;
  if (tokens.take('def')) return functionDefinition(p, decorators, block);
  if (decorators.length === 0 && tokens.take('for')) return forLoop(p);
  if (decorators.length === 0 && tokens.take('with')) return withStatement(p);
  throw tokens.failure();
}

/** `match` is a name, unless its line ends in a colon before an indented `case`. */
function startsMatch(tokens: TokenReader): boolean {
  let ahead = 1;
  while (tokens.peek(ahead).kind !== 'newline' && tokens.peek(ahead).kind !== 'end') ahead++;
  const first = tokens.peek(ahead + 2);
  return ahead > 2 && tokens.is(':', ahead - 1) && first.kind === 'name' && first.text === 'case';
}

function match(p: Parser): Node {
  const { tokens } = p;
  tokens.next();
  const parts = [subject(p)];
  tokens.expect(':');
  tokens.expectKind('newline');
  tokens.expectKind('indent');
  while (tokens.peek().kind !== 'dedent') {
    const word = tokens.expectKind('name');
    if (word.text !== 'case') throw tokens.failure();
    casePatterns(p);
    if (tokens.take('if')) parts.push(p.named());
    block(p, parts);
  }
  tokens.next();
  return other(parts);
}

function subject(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  do parts.push(tokens.take('*') ? p.operand() : p.named());
  while (tokens.take(',') && !tokens.is(':'));
  return other(parts);
}
