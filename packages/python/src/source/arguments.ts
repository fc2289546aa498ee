import { clauses, startsClause } from './clauses.ts';
import type { Parser } from './parser.ts';
import { type Arguments, type Node, other } from './tree.ts';

/** The arguments of a call or a class after `(`, and the `)`. Only a call may have a bare generator. */
export function argumentsOf(p: Parser, generator: boolean): Arguments {
  const { tokens } = p;
  const positional: Node[] = [];
  const keywords: { name: string | undefined; value: Node }[] = [];
  let unpacked = false;
  while (!tokens.is(')')) {
    if (tokens.take('**')) {
      unpacked = true;
      keywords.push({ name: undefined, value: p.expression() });
    } else if (tokens.is('*')) {
      if (unpacked) throw tokens.failure('iterable argument unpacking follows keyword argument unpacking');
      tokens.next();
      positional.push({ kind: 'starred', children: [p.expression()] });
    } else if (tokens.peek().kind === 'name' && tokens.is('=', 1)) {
      const name = tokens.next().text;
      tokens.next();
      keywords.push({ name, value: p.expression() });
    } else {
      const value = p.named();
      if (startsClause(tokens)) {
        const parts = [value, ...clauses(p)];
        const alone = generator && positional.length === 0 && keywords.length === 0 && tokens.is(')');
        if (!alone) throw tokens.failure('Generator expression must be parenthesized');
        positional.push(other(parts));
        break;
      }
      if (keywords.length > 0) throw tokens.failure('positional argument follows keyword argument');
      positional.push(value);
    }
    if (!tokens.take(',')) break;
  }
  tokens.expect(')');
  return { positional, keywords };
}
