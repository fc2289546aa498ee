import { statement } from './compound-statements.ts';
import { disjunction, expression, operand } from './expressions.ts';
import type { Parser } from './parser.ts';
import { TokenReader } from './reader.ts';
import { FORMAT_COLON } from './token.ts';
import { tokenize } from './tokenize.ts';
import { type Node, other } from './tree.ts';

/** Python source as a tree in which its imports can be found. Throws `SyntaxFailure`; takes time in proportion to the text. */
export function parse(source: string): Node {
  const tokens = new TokenReader(tokenize(source));
  const p: Parser = {
    tokens,
    lambdas: 0,
    expression: () => expression(p),
    disjunction: () => disjunction(p),
    operand: () => operand(p),
    named: () => named(p),
    expressions: () => expressions(p),
    value: () => (tokens.is('yield') ? yielded(p) : expressions(p)),
  };
  const statements: Node[] = [];
  while (tokens.peek().kind !== 'end') statement(p, statements);
  return other(statements);
}

function named(p: Parser): Node {
  const { tokens } = p;
  if (tokens.peek().kind !== 'name' || !tokens.is(':=', 1)) return p.expression();
  tokens.next();
  tokens.next();
  return { kind: 'valued', children: [p.expression()] };
}

/** What may follow the last comma without an expression: the end of a tuple. */
const ends: ReadonlySet<string> = new Set(
  `) ] } = : ${FORMAT_COLON} ; ! += -= *= /= //= %= @= &= |= ^= >>= <<= **=`.split(' '),
);

function expressions(p: Parser): Node {
  const { tokens } = p;
  const one = (): Node => (tokens.take('*') ? { kind: 'starred', children: [p.operand()] } : p.expression());
  const first = one();
  if (!tokens.is(',')) return first;
  const children = [first];
  while (tokens.take(',') && tokens.peek().kind !== 'newline' && !tokens.isOneOf(ends)) children.push(one());
  return { kind: 'tuple', children };
}

function yielded(p: Parser): Node {
  const { tokens } = p;
  tokens.expect('yield');
  if (tokens.take('from')) return { kind: 'valued', children: [p.expression()] };
  const bare = tokens.peek().kind === 'newline' || tokens.isOneOf(ends);
  return { kind: 'valued', children: bare ? [] : [expressions(p)] };
}
