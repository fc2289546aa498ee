import { type Limits, TorshError } from '@torsh/bytes';

/** What is under one name of a package. */
interface Node {
  /** What a folder holds; `undefined` for a file. */
  readonly children: Map<string, Node> | undefined;
}

/** The files of a package as a tree: what `PackageImporter.file_structure()` gives in Python. */
export interface Directory {
  /** What the first line says: the name of the package. */
  readonly name: string;
  /** The files, sorted as they are printed. */
  readonly files: readonly string[];
  /** True for the path of a file, and of a folder, that is in the tree. */
  hasFile(path: string): boolean;
  /** The tree as text, line by line as torch prints it. */
  toString(): string;
}

/** The tree of these paths. */
export function directory(
  name: string,
  paths: Iterable<string>,
  { entries }: Pick<Limits, 'entries'>,
): Directory {
  const root = new Map<string, Node>();
  let made = 0;
  for (const path of paths) {
    made += add(root, path);
    if (made > entries)
      throw new TorshError('limit', `The tree has more than ${entries} files and folders (limit entries).`);
  }
  return {
    name,
    get files() {
      return [...lines(root)].filter(({ isFile }) => isFile).map(({ path }) => path);
    },
    hasFile: (path) => has(root, path),
    toString() {
      const text = [`─── ${name}\n`];
      for (const { preamble, pointer, path } of lines(root))
        text.push(`${preamble}${pointer}${path.slice(path.lastIndexOf('/') + 1)}\n`);
      return text.join('');
    },
  };
}

/** Puts a file into the tree, and says how much that has added. */
function add(root: Map<string, Node>, path: string): number {
  const folders = path.split('/');
  const file = folders.pop()!;
  let [at, made] = [root, 0];
  for (const folder of folders) {
    const known = at.get(folder)?.children;
    const children = known ?? new Map<string, Node>();
    if (known === undefined) {
      at.set(folder, { children });
      made++;
    }
    at = children;
  }
  at.set(file, { children: undefined });
  return made + 1;
}

function has(root: ReadonlyMap<string, Node>, path: string): boolean {
  let at: ReadonlyMap<string, Node> | undefined = root;
  for (const part of path.split('/')) {
    const found: Node | undefined = at?.get(part);
    if (found === undefined) return false;
    at = found.children;
  }
  return true;
}

interface Line {
  readonly preamble: string;
  readonly pointer: string;
  readonly path: string;
  readonly isFile: boolean;
}

const TEE = '├── ';
const LAST = '└── ';

/** Folders first, then files, each in the order of code points; without recursion, since a path may have any depth. */
function* lines(root: ReadonlyMap<string, Node>): Generator<Line> {
  const open: (Line & { readonly children: ReadonlyMap<string, Node> | undefined })[] = [];
  const enter = (children: ReadonlyMap<string, Node>, preamble: string, prefix: string): void => {
    const all = [...children].sort(
      ([a, x], [b, y]) => Number(!x.children) - Number(!y.children) || order(a, b),
    );
    for (let index = all.length - 1; index >= 0; index--) {
      const [key, node] = all[index]!;
      const pointer = index === all.length - 1 ? LAST : TEE;
      open.push({ preamble, pointer, path: prefix + key, isFile: !node.children, children: node.children });
    }
  };
  enter(root, '    ', '');
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { preamble, pointer, path, children } = next;
    if (children !== undefined)
      enter(children, `${preamble}${pointer === TEE ? '│   ' : '    '}`, `${path}/`);
  }
}

/** Python compares code points, JavaScript halves of surrogate pairs. */
function order(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
