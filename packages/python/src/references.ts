import { BEYOND_TOP, resolveRelative } from './relative.ts';
import { SyntaxFailure } from './source/failure.ts';
import type { FromImport, ImportCall, Node } from './source/tree.ts';

/** A module that source text mentions, and the name that it takes from it; no name for the module itself. */
export interface ImportReference {
  readonly module: string;
  readonly name?: string;
}

/** All that a tree imports, once each, in the order in which torch.package finds it. */
export function findReferences(tree: Node, packageName: string): ImportReference[] {
  const found = new Map<string, ImportReference>();
  const add = (module: string, name?: string) => {
    const key = JSON.stringify([module, name]);
    if (!found.has(key)) found.set(key, name === undefined ? { module } : { module, name });
  };
  const agenda: Node[] = [tree];
  for (let node = agenda.pop(); node !== undefined; node = agenda.pop()) {
    if (node.kind === 'import') for (const name of node.names) add(name);
    else if (node.kind === 'from') fromStatement(node, packageName, add);
    else if (node.kind === 'import-call') call(node, packageName, add);
    else if ('children' in node) for (const child of node.children.toReversed()) agenda.push(child);
  }
  return [...found.values()];
}

type Add = (module: string, name?: string) => void;

function fromStatement({ module, level, names }: FromImport, packageName: string, add: Add): void {
  const resolved = level === 0 ? module : resolveRelative(module, packageName, level);
  if (resolved === undefined) throw new SyntaxFailure(BEYOND_TOP, -1);
  for (const name of names) add(resolved, name === '*' ? undefined : name);
}

/**
 * `__import__(…)` as far as its arguments are literals. What cannot be read means nothing, but what was found before
 * stays. Without names, torch takes the level for the parent only; that is kept, because packages depend on it.
 */
function call({ positional, keywords }: ImportCall, packageName: string, add: Add): void {
  const first = positional[0];
  if (first === undefined) return;
  const lists = positional.length > 3 ? [positional[3]] : keywordsNamed(keywords, 'fromlist');
  const taken = lists.map(fromList);
  const levels = positional.length > 4 ? [positional[4]] : keywordsNamed(keywords, 'level');
  const level = levels.length === 0 ? 0 : readLevel(levels.at(-1));
  if (taken.includes(undefined) || levels.some((node) => !hasValue(node))) return;
  const name = first.kind === 'text' ? first.value : undefined;
  if (name === undefined) return;
  const names = taken.flatMap((list) => list ?? []);
  const absolute = (module: string) => {
    if (level === undefined) return undefined;
    return level > 0 ? resolveRelative(module, packageName, level) : module;
  };
  if (names.length === 0) {
    add(name);
    const dot = name.lastIndexOf('.');
    const parent = dot < 0 ? undefined : absolute(name.slice(0, dot));
    if (parent !== undefined) add(parent);
    return;
  }
  const module = absolute(name);
  if (module === undefined) return;
  for (const { text } of names) add(module, text === '*' ? undefined : text);
}

function keywordsNamed(keywords: ImportCall['keywords'], name: string): Node[] {
  return keywords.filter((keyword) => keyword.name === name).map(({ value }) => value);
}

/** The names in a literal list. Literals that are no text can be no name of a submodule, so only the module is meant. */
function fromList(node: Node | undefined): { readonly text: string | undefined }[] | undefined {
  if (node?.kind !== 'list' && node?.kind !== 'tuple' && node?.kind !== 'set') return undefined;
  if (!node.children.every(hasValue)) return undefined;
  return node.children.map((child) => ({ text: child.kind === 'text' ? child.value : undefined }));
}

/** Whether Python's tree has a part named `value` here, which torch takes without a look at what it is. */
function hasValue(node: Node | undefined): boolean {
  return node !== undefined && VALUED.has(node.kind);
}

const VALUED: ReadonlySet<Node['kind']> = new Set([
  'text',
  'constant',
  'attribute',
  'subscript',
  'starred',
  'valued',
]);

function readLevel(node: Node | undefined): number | undefined {
  return node?.kind === 'constant' && node.value !== undefined ? Number(node.value) : undefined;
}
