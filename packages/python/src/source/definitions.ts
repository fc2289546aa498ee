import { argumentsOf } from './arguments.ts';
import { parameters, typeParameters } from './parameters.ts';
import type { Parser } from './parser.ts';
import { type Node, other } from './tree.ts';

/** Reads the statements of a block into a list. */
export type Block = (p: Parser, into: Node[]) => void;

/** `def`, after that word. Python's tree has the decorators and the result behind the body. */
export function functionDefinition(p: Parser, decorators: readonly Node[], block: Block): Node {
  const { tokens } = p;
  tokens.expectKind('name');
  const types = typeParameters(p);
  tokens.expect('(');
  const parts = parameters(p, ')', true);
  tokens.expect(')');
  const result = tokens.take('->') ? [p.expression()] : [];
  block(p, parts);
  return other([...parts, ...decorators, ...result, ...types]);
}

/** `class`, after that word. */
export function classDefinition(p: Parser, decorators: readonly Node[], block: Block): Node {
  const { tokens } = p;
  tokens.expectKind('name');
  const types = typeParameters(p);
  const parts: Node[] = [];
  if (tokens.take('(')) {
    const { positional, keywords } = argumentsOf(p, false);
    parts.push(...positional, ...keywords.map(({ value }) => value));
  }
  block(p, parts);
  return other([...parts, ...decorators, ...types]);
}
