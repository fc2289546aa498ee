/**
 * What is left of Python source: enough to find imports in the order in which Python's `ast` would visit them.
 * `children` stand in that order, which is not always the order of the text.
 */
export type Node =
  | { readonly kind: 'name'; readonly id: string }
  /** A string without replacement fields; nothing where it names characters by their Unicode name. */
  | { readonly kind: 'text'; readonly value: string | undefined }
  /** Any other literal; the value is there for booleans and small integers. */
  | { readonly kind: 'constant'; readonly value: number | boolean | undefined }
  /** Nodes that have a part called `value` in Python's tree, which torch.package asks of whatever it finds. */
  | { readonly kind: 'attribute' | 'subscript' | 'starred' | 'valued'; readonly children: readonly Node[] }
  | { readonly kind: 'tuple' | 'list' | 'set'; readonly children: readonly Node[] }
  | ImportCall
  | { readonly kind: 'import'; readonly names: readonly string[] }
  | FromImport
  | { readonly kind: 'other'; readonly children: readonly Node[] };

/** The arguments of a call as they stand there. */
export interface Arguments {
  readonly positional: readonly Node[];
  readonly keywords: readonly { readonly name: string | undefined; readonly value: Node }[];
}

/** A call of the name `__import__`. Of other calls nothing is kept, because nobody looks into them. */
export interface ImportCall extends Arguments {
  readonly kind: 'import-call';
}

/** `from module import names`, `level` being the number of dots. */
export interface FromImport {
  readonly kind: 'from';
  readonly module: string;
  readonly level: number;
  readonly names: readonly string[];
}

const nothing: Node = { kind: 'other', children: [] };

/** Some node, of which only the parts matter. */
export function other(children: readonly Node[]): Node {
  const kept = children.filter((child) => !isIdle(child));
  return kept.length === 0 ? nothing : { kind: 'other', children: kept };
}

/** Nothing below such a node imports anything, so a parent that is only walked can drop it. */
function isIdle(node: Node): boolean {
  return node.kind === 'name' || node.kind === 'text' || node.kind === 'constant' || node === nothing;
}
