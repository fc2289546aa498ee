import { type Limits, TorshError } from '@torsh/bytes';

/** A module of a package. */
export interface PackageModule {
  /** Its dotted name. */
  readonly name: string;
  readonly isPackage: boolean;
  /** The record with its source; a package may do without. */
  readonly path: string | undefined;
}

/** What a package has under dotted names. */
export interface ModuleTree {
  /** Modules and packages, outer ones first; a folder without an `__init__.py` is a package too. */
  readonly modules: ReadonlyMap<string, PackageModule>;
  /** Whether a name leads into the package, out of it, or nowhere. */
  placeOf(name: string): 'package' | 'extern' | undefined;
}

interface Node {
  readonly kind: 'package' | 'module' | 'extern';
  path: string | undefined;
  readonly children: Map<string, Node>;
}

/**
 * The modules that records make up, by the rules of PackageImporter: folders are packages, `__init__.py` is the source of
 * one, other `.py` files are modules, and what is below an extern module must not be there.
 */
export function moduleTree(
  records: Iterable<string>,
  externs: readonly string[],
  { entries }: Pick<Limits, 'entries'>,
): ModuleTree {
  const root = node('package');
  // Folders in folders: a directory of 100 MB can name fifty million of them.
  let left = entries;
  const make = (kind: Node['kind'], path?: string): Node => {
    if (--left < 0)
      throw new TorshError(
        'limit',
        `The package has more than ${entries} modules and folders (limit entries).`,
      );
    return node(kind, path);
  };
  for (const name of externs) addExtern(root, name, make);
  for (const path of records) addFile(root, path, make);
  const modules = new Map<string, PackageModule>();
  const open: (readonly [name: string, at: Node])[] = [['', root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [prefix, { children }] = next;
    for (const [key, { kind, path }] of children) {
      // A dot in the name of a file leads nowhere: Python would look for a folder.
      if (kind === 'extern' || key.includes('.')) continue;
      const name = prefix + key;
      modules.set(name, { name, isPackage: kind === 'package', path });
    }
    for (const [key, child] of children)
      if (child.kind === 'package' && !key.includes('.')) open.push([`${prefix + key}.`, child]);
  }
  return { modules, placeOf: (name) => placeOf(root, name) };
}

function node(kind: Node['kind'], path?: string): Node {
  return { kind, path, children: new Map() };
}

type Make = typeof node;

function addExtern(root: Node, name: string, make: Make): void {
  const parts = name.split('.');
  const last = parts.pop()!;
  const parent = packageAt(root, parts, name, make);
  // A shorter name covers all that begin with it.
  if (parent !== undefined) parent.children.set(last, make('extern'));
}

function addFile(root: Node, path: string, make: Make): void {
  const folders = path.split('/');
  const last = folders.pop()!;
  if (folders.length > 1 && folders[0] === '.data') return;
  const parent = packageAt(root, folders, path, make);
  if (parent === undefined) {
    const message = `The package has the file ${path} within a module that it says is outside of it (.data/extern_modules).`;
    throw new TorshError('malformed', message, { path });
  }
  if (last === '__init__.py') parent.path = path;
  else if (last.endsWith('.py')) parent.children.set(last.slice(0, -3), make('module', path));
}

/** The package of that name, made where it is new; `undefined` where the way leads into an extern module. */
function packageAt(root: Node, parts: readonly string[], path: string, make: Make): Node | undefined {
  let at = root;
  for (const [depth, part] of parts.entries()) {
    const child = at.children.get(part) ?? make('package');
    if (child.kind === 'extern') return undefined;
    if (child.kind === 'module') {
      const name = parts.slice(0, depth + 1).join('.');
      const message = `${name} is a module of the package and has something below it (${path}), which only a folder can.`;
      throw new TorshError('malformed', message, { path });
    }
    at.children.set(part, child);
    at = child;
  }
  return at;
}

function placeOf(root: Node, name: string): 'package' | 'extern' | undefined {
  let at: Node | undefined = root;
  for (const part of name.split('.')) {
    at = at.children.get(part);
    if (at === undefined) return undefined;
    if (at.kind === 'extern') return 'extern';
  }
  return 'package';
}
