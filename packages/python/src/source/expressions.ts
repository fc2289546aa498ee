import { argumentsOf } from './arguments.ts';
import { atom } from './atoms.ts';
import { parameters } from './parameters.ts';
import type { Parser } from './parser.ts';
import type { TokenReader } from './reader.ts';
import { type Node, other } from './tree.ts';

/** Lambdas in default values of lambdas are the only nesting without brackets. */
const MAX_LAMBDAS = 100;

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const signs: ReadonlySet<string> = new Set(['+', '-', '~']);
const binary: ReadonlySet<string> = new Set('| ^ & << >> + - * / // % @ **'.split(' '));

/** Conditions and lambdas stack up to the right, so a loop reads them to any depth. */
export function expression(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  for (;;) {
    if (tokens.take('lambda')) {
      if (++p.lambdas > MAX_LAMBDAS) throw tokens.failure('too many nested lambdas');
      for (const part of parameters(p, ':', false)) parts.push(part);
      p.lambdas--;
      tokens.expect(':');
      parts.push(other([]));
      continue;
    }
    const value = disjunction(p);
    if (!tokens.take('if')) {
      if (parts.length === 0) return value;
      parts.push(value);
      return other(parts);
    }
    const test = disjunction(p);
    tokens.expect('else');
    parts.push(test, value);
  }
}

/** `or`, `and`, `not` and comparisons. */
export function disjunction(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  let plain = true;
  do {
    while (tokens.take('not')) plain = false;
    do parts.push(operand(p));
    while (takeComparison(tokens));
  } while (tokens.take('and') || tokens.take('or'));
  return plain && parts.length === 1 ? parts[0]! : other(parts);
}

function takeComparison(tokens: TokenReader): boolean {
  if (tokens.take('is')) {
    tokens.take('not');
    return true;
  }
  if (tokens.is('not') && tokens.is('in', 1)) tokens.next();
  if (tokens.take('in')) return true;
  if (!tokens.isOneOf(comparisons)) return false;
  tokens.next();
  return true;
}

/** Arithmetic. Which operator binds more tightly makes no difference for what is imported. */
export function operand(p: Parser): Node {
  const { tokens } = p;
  const parts: Node[] = [];
  let plain = true;
  for (;;) {
    for (; tokens.isOneOf(signs); tokens.next()) plain = false;
    const awaited = tokens.take('await');
    const node = primary(p);
    parts.push(awaited ? { kind: 'valued', children: [node] } : node);
    if (!tokens.isOneOf(binary)) return plain && parts.length === 1 ? parts[0]! : other(parts);
    tokens.next();
  }
}

/** An atom with attributes, calls and subscripts. */
function primary(p: Parser): Node {
  const { tokens } = p;
  let node = atom(p);
  for (;;) {
    if (tokens.take('.')) {
      tokens.expectKind('name');
      node = { kind: 'attribute', children: [node] };
    } else if (tokens.take('(')) {
      const given = argumentsOf(p, true);
      const isImport = node.kind === 'name' && node.id === '__import__';
      node = isImport ? { kind: 'import-call', ...given } : other([]);
    } else if (tokens.take('[')) {
      node = { kind: 'subscript', children: [node, ...slices(p)] };
    } else return node;
  }
}

function slices(p: Parser): Node[] {
  const { tokens } = p;
  const parts: Node[] = [];
  do {
    if (tokens.take('*')) parts.push(p.operand());
    else slice(p, parts);
  } while (tokens.take(',') && !tokens.is(']'));
  tokens.expect(']');
  return parts;
}

function slice(p: Parser, parts: Node[]): void {
  const { tokens } = p;
  const assigns = tokens.is(':=', 1);
  if (!tokens.is(':')) parts.push(p.named());
  if (assigns) return;
  for (let colons = 0; colons < 2 && tokens.take(':'); colons++) {
    if (!tokens.is(':') && !tokens.is(',') && !tokens.is(']')) parts.push(p.expression());
  }
}
