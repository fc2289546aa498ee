import type { Parser } from './parser.ts';
import type { TokenReader } from './reader.ts';
import type { Node } from './tree.ts';

/** What a loop assigns to: one or more targets, a tuple if there is a comma. Ends before `in`. */
export function targets(p: Parser): Node {
  const first = target(p);
  if (!p.tokens.is(',')) return first;
  const children = [first];
  while (p.tokens.take(',') && !p.tokens.is('in')) children.push(target(p));
  return { kind: 'tuple', children };
}

/** One thing that can be assigned to, perhaps with a star. */
export function target(p: Parser): Node {
  const starred = p.tokens.take('*');
  const node = p.operand();
  checkTarget(node, p.tokens);
  return starred ? { kind: 'starred', children: [node] } : node;
}

/** Refuses what Python cannot assign to. Tuples are nested no deeper than brackets. */
export function checkTarget(node: Node, tokens: TokenReader): void {
  if (isSingle(node)) return;
  if (node.kind !== 'tuple' && node.kind !== 'list' && node.kind !== 'starred') {
    throw tokens.failure('cannot assign to expression here');
  }
  for (const child of node.children) checkTarget(child, tokens);
}

/** Refuses what `+=`, annotations and such cannot assign to. */
export function checkSingle(node: Node, tokens: TokenReader): void {
  if (!isSingle(node)) throw tokens.failure('only single targets can stand here');
}

/** Refuses what `del` cannot delete. */
export function checkDeletable(node: Node, tokens: TokenReader): void {
  if (isSingle(node)) return;
  if (node.kind !== 'tuple' && node.kind !== 'list') throw tokens.failure('cannot delete expression');
  for (const child of node.children) checkDeletable(child, tokens);
}

function isSingle({ kind }: Node): boolean {
  return kind === 'name' || kind === 'attribute' || kind === 'subscript';
}
