import {
  type ByteSource,
  type FileTree,
  type Limits,
  locateError,
  type ReadOptions,
  readAll,
} from '@torsh/bytes';
import { decodeSource } from '@torsh/python';
import type { FoundModule, ModuleFinder } from './finder.ts';
import { wholeLines } from './package-finder.ts';

/** A folder of source, and what is in it by the names under which Python looks for it. */
interface Root {
  readonly files: FileTree;
  readonly paths: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Compiled modules: the names of their files have the machine in them. */
  readonly extensions: ReadonlyMap<string, string>;
}

/** Where a module may be: in this folder of this root. */
interface Place {
  readonly root: Root;
  readonly prefix: string;
}

/** Folders of Python source, in the order of `sys.path`: modules are found as Python finds them, and never imported. */
export function sourceRoots(trees: readonly FileTree[], limits: Pick<Limits, 'headerBytes'>): ModuleFinder {
  let roots: Promise<Root[]> | undefined;
  return {
    async find(name, options) {
      roots ??= Promise.all(trees.map((files) => rootOf(files, options)));
      let places: Place[] = (await roots).map((root) => ({ root, prefix: '' }));
      const parts = name.split('.');
      for (const [at, part] of parts.entries()) {
        const last = at === parts.length - 1;
        const here = places.find((place) => regular(place, part) !== undefined);
        if (here !== undefined) {
          const { path, isPackage } = regular(here, part)!;
          if (last) return found(here.root, path, isPackage, limits, options);
          if (!isPackage) return undefined;
          places = [{ root: here.root, prefix: `${here.prefix}${part}/` }];
        } else {
          // A folder without __init__.py is a package, too, and may go on in the next root.
          places = places
            .filter(({ root, prefix }) => root.folders.has(prefix + part))
            .map(({ root, prefix }) => ({ root, prefix: `${prefix}${part}/` }));
          if (places.length === 0) return undefined;
          if (last) return { isPackage: true };
        }
      }
      return undefined;
    },
  };
}

/** The file of a package or of a module, in the order in which Python looks. */
function regular({ root, prefix }: Place, part: string): { path: string; isPackage: boolean } | undefined {
  const stem = prefix + part;
  const within = fileOf(root, `${stem}/__init__`);
  if (within !== undefined) return { path: within, isPackage: true };
  const path = fileOf(root, stem);
  return path === undefined ? undefined : { path, isPackage: false };
}

function fileOf({ paths, extensions }: Root, stem: string): string | undefined {
  return extensions.get(stem) ?? [`${stem}.py`, `${stem}.pyc`].find((path) => paths.has(path));
}

async function found(
  { files }: Root,
  path: string,
  isPackage: boolean,
  limits: Pick<Limits, 'headerBytes'>,
  options: ReadOptions | undefined,
): Promise<FoundModule> {
  if (!path.endsWith('.py')) return { isPackage, file: path };
  const source = (await files.open(path, options)) as ByteSource;
  try {
    const text = wholeLines(decodeSource(await readAll(source, limits.headerBytes, options)));
    return { isPackage, file: path, text };
  } catch (error) {
    throw locateError(error, { path });
  }
}

async function rootOf(files: FileTree, options: ReadOptions | undefined): Promise<Root> {
  const paths = new Set<string>();
  const folders = new Set<string>();
  const extensions = new Map<string, string>();
  for await (const { path } of files.list(options)) {
    paths.add(path);
    for (
      let end = path.lastIndexOf('/');
      end > 0 && !folders.has(path.slice(0, end));
      end = path.lastIndexOf('/', end - 1)
    )
      folders.add(path.slice(0, end));
    const compiled = /^((?:.*\/)?[^/.]+)(?:\.[^/]*)?\.(?:so|pyd)$/.exec(path);
    if (compiled !== null) extensions.set(compiled[1]!, path);
  }
  return { files, paths, folders, extensions };
}
