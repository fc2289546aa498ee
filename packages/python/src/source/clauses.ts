import type { Parser } from './parser.ts';
import type { TokenReader } from './reader.ts';
import { targets } from './targets.ts';
import type { Node } from './tree.ts';

/** Whether the `for` of a comprehension is next. */
export function startsClause(tokens: TokenReader): boolean {
  return tokens.is('for') || (tokens.is('async') && tokens.is('for', 1));
}

/** The `for` and `if` of a comprehension. */
export function clauses(p: Parser): Node[] {
  const { tokens } = p;
  const parts: Node[] = [];
  while (startsClause(tokens)) {
    tokens.take('async');
    tokens.expect('for');
    parts.push(targets(p));
    tokens.expect('in');
    parts.push(p.disjunction());
    while (tokens.take('if')) parts.push(p.disjunction());
  }
  return parts;
}
