import { importFrom, importNames } from './import-statements.ts';
import { typeParameters } from './parameters.ts';
import type { Parser } from './parser.ts';
import type { TokenReader } from './reader.ts';
import { checkDeletable, checkSingle, checkTarget } from './targets.ts';
import { type Node, other } from './tree.ts';

const updates: ReadonlySet<string> = new Set('+= -= *= /= //= %= @= &= |= ^= >>= <<= **='.split(' '));

const byKeyword: Readonly<Record<string, (p: Parser) => Node>> = {
  import: importNames,
  from: importFrom,
  pass: () => other([]),
  break: () => other([]),
  continue: () => other([]),
  return: (p) => (atEnd(p.tokens) ? other([]) : other([p.expressions()])),
  raise: (p) => {
    if (atEnd(p.tokens)) return other([]);
    const parts = [p.expression()];
    if (p.tokens.take('from')) parts.push(p.expression());
    return other(parts);
  },
  assert: (p) => {
    const parts = [p.expression()];
    if (p.tokens.take(',')) parts.push(p.expression());
    return other(parts);
  },
  del: deletion,
  global: scope,
  nonlocal: scope,
};

/** Statements of one line, up to its end. */
export function simpleStatements(p: Parser, into: Node[]): void {
  const { tokens } = p;
  do {
    const statement = simpleStatement(p);
    if (!atEnd(tokens)) throw tokens.failure();
    into.push(statement);
  } while (tokens.take(';') && tokens.peek().kind !== 'newline');
  tokens.expectKind('newline');
}

function simpleStatement(p: Parser): Node {
  const { tokens } = p;
  const { kind, text } = tokens.peek();
  const known = kind === 'keyword' ? byKeyword[text] : undefined;
  if (known !== undefined) {
    tokens.next();
    return known(p);
  }
  if (kind === 'name' && text === 'type' && tokens.peek(1).kind === 'name') return typeAlias(p);
  return assignment(p);
}

function atEnd(tokens: TokenReader): boolean {
  return tokens.is(';') || tokens.peek().kind === 'newline';
}

function scope({ tokens }: Parser): Node {
  do tokens.expectKind('name');
  while (tokens.take(','));
  return other([]);
}

function deletion(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  do {
    const node = p.operand();
    checkDeletable(node, tokens);
    parts.push(node);
  } while (tokens.take(',') && !atEnd(tokens));
  return other(parts);
}

function typeAlias(p: Parser): Node {
  const { tokens } = p;
  tokens.next();
  tokens.next();
  const parts = typeParameters(p);
  tokens.expect('=');
  parts.push(p.expression());
  return other(parts);
}

/** An expression, or any kind of assignment. */
function assignment(p: Parser): Node {
  const { tokens } = p;
  const first = p.value();
  const parts = [first];
  if (tokens.is(':')) {
    checkSingle(first, tokens);
    tokens.next();
    parts.push(p.expression());
    if (tokens.take('=')) parts.push(p.value());
    return other(parts);
  }
  if (tokens.isOneOf(updates)) {
    checkSingle(first, tokens);
    tokens.next();
    parts.push(p.value());
    return other(parts);
  }
  while (tokens.is('=')) {
    checkTarget(parts.at(-1) ?? first, tokens);
    tokens.next();
    parts.push(p.value());
  }
  return other(parts);
}
