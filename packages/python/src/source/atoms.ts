import { clauses, startsClause } from './clauses.ts';
import type { Parser } from './parser.ts';
import { strings } from './strings.ts';
import { type Node, other } from './tree.ts';

/** A name, a literal, or something in brackets. */
export function atom(p: Parser): Node {
  const { tokens } = p;
  const { kind, text, value } = tokens.peek();
  if (kind === 'string' || kind === 'format') return strings(p);
  if (kind === 'name') {
    tokens.next();
    return { kind: 'name', id: text };
  }
  if (kind === 'number') {
    tokens.next();
    return { kind: 'constant', value: typeof value === 'number' ? value : undefined };
  }
  if (tokens.take('(')) return parenthesized(p);
  if (tokens.take('[')) return list(p);
  if (tokens.take('{')) return braced(p);
  if (tokens.take('True')) return { kind: 'constant', value: true };
  if (tokens.take('False')) return { kind: 'constant', value: false };
  if (tokens.take('None') || tokens.take('...')) return { kind: 'constant', value: undefined };
  throw tokens.failure();
}

/** An expression with `:=` or a star, as it may stand in a list. */
function element(p: Parser): Node {
  return p.tokens.take('*') ? { kind: 'starred', children: [p.operand()] } : p.named();
}

/** The elements after the first one, and the bracket that ends them. */
function elements(p: Parser, first: Node, end: string): Node[] {
  const all = [first];
  while (p.tokens.take(',') && !p.tokens.is(end)) all.push(element(p));
  p.tokens.expect(end);
  return all;
}

function comprehension(p: Parser, first: readonly Node[], end: string): Node {
  const { tokens } = p;
  if (first.some(({ kind }) => kind === 'starred')) {
    throw tokens.failure('iterable unpacking cannot be used in comprehension');
  }
  const parts = [...first, ...clauses(p)];
  tokens.expect(end);
  return other(parts);
}

function parenthesized(p: Parser): Node {
  const { tokens } = p;
  if (tokens.take(')')) return { kind: 'tuple', children: [] };
  if (tokens.is('yield')) {
    const value = p.value();
    tokens.expect(')');
    return value;
  }
  const first = element(p);
  if (startsClause(tokens)) return comprehension(p, [first], ')');
  if (tokens.is(',')) return { kind: 'tuple', children: elements(p, first, ')') };
  if (first.kind === 'starred') throw tokens.failure('cannot use starred expression here');
  tokens.expect(')');
  return first;
}

function list(p: Parser): Node {
  const { tokens } = p;
  if (tokens.take(']')) return { kind: 'list', children: [] };
  const first = element(p);
  if (startsClause(tokens)) return comprehension(p, [first], ']');
  return { kind: 'list', children: elements(p, first, ']') };
}

function braced(p: Parser): Node {
  const { tokens } = p;
  if (tokens.take('}')) return other([]);
  if (tokens.is('**')) return dictionary(p, undefined);
  const assigns = tokens.is(':=', 1);
  const first = element(p);
  if (tokens.is(':') && !assigns && first.kind !== 'starred') return dictionary(p, first);
  if (startsClause(tokens)) return comprehension(p, [first], '}');
  return { kind: 'set', children: elements(p, first, '}') };
}

/** Python's tree has all keys first, and then all values. */
function dictionary(p: Parser, first: Node | undefined): Node {
  const { tokens } = p;
  const keys: Node[] = [];
  const values: Node[] = [];
  let key = first;
  do {
    if (key === undefined && tokens.take('**')) values.push(p.operand());
    else {
      keys.push(key ?? p.expression());
      tokens.expect(':');
      values.push(p.expression());
      if (key !== undefined && startsClause(tokens)) return comprehension(p, [...keys, ...values], '}');
    }
    key = undefined;
  } while (tokens.take(',') && !tokens.is('}'));
  tokens.expect('}');
  return other([...keys, ...values]);
}
