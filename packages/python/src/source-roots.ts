import { type FileTree, type Limits, locateError, type ReadOptions, readAll, TorshError } from '@torsh/bytes';
import type { FoundModule, ModuleFinder } from './finder.ts';
import { decodeSource, wholeLines } from './text.ts';

/** Folders in which Python would look for modules, as on its `sys.path`: the first one that has a module gives it. */
export function sourceRoots(roots: readonly FileTree[], limits: SourceLimits): ModuleFinder {
  let indexes: Promise<readonly RootIndex[]> | undefined;
  const places = new Map<string, Place | undefined>();

  const locate = (name: string, all: readonly RootIndex[]): Place | undefined => {
    let place: Place | undefined = { found: 'folder', within: all.map((index) => ({ index, folder: '' })) };
    let at = 0;
    while (place !== undefined && at <= name.length) {
      const dot = name.indexOf('.', at);
      const end = dot < 0 ? name.length : dot;
      const prefix = name.slice(0, end);
      if (places.has(prefix)) place = places.get(prefix);
      else {
        place = look(name.slice(at, end), place.within);
        places.set(prefix, place);
      }
      at = end + 1;
    }
    return place;
  };

  return {
    async find(name, options) {
      indexes ??= Promise.all(roots.map((root) => indexOf(root, limits, options)));
      const place = locate(name, await indexes);
      return place === undefined ? undefined : foundModule(place, limits, options);
    },
  };
}

/** A source file is read whole, and a root is listed once. */
type SourceLimits = Pick<Limits, 'headerBytes' | 'entries'>;

/** What one root has: its files, its folders, and modules in other languages by their names without suffixes. */
interface RootIndex {
  readonly tree: FileTree;
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly extensions: ReadonlyMap<string, string>;
}

/** Where a module was found, and where modules below it are looked for. */
interface Place {
  readonly found: 'package' | 'source' | 'extension' | 'folder' | 'compiled';
  readonly tree?: FileTree;
  readonly path?: string;
  readonly within: readonly { readonly index: RootIndex; readonly folder: string }[];
}

/** The suffixes of modules that were compiled from C: for one version of Python, for several, or for all. */
const EXTENSION = /^((?:.*\/)?[^/.]+)(?:\.cpython-[^/]*|\.cp3[^/]*|\.abi3)?\.(?:so|pyd)$/;

async function indexOf(tree: FileTree, limits: SourceLimits, options?: ReadOptions): Promise<RootIndex> {
  const files = new Set<string>();
  const folders = new Set<string>();
  const extensions = new Map<string, string>();
  for await (const { path } of tree.list(options)) {
    if (files.size >= limits.entries) {
      throw new TorshError('limit', `A source root has more than ${limits.entries} files (limit entries).`);
    }
    files.add(path);
    const module = EXTENSION.exec(path)?.[1];
    if (module !== undefined && !extensions.has(module)) extensions.set(module, path);
    let folder = path;
    for (let end = folder.lastIndexOf('/'); end >= 0; end = folder.lastIndexOf('/')) {
      folder = folder.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { tree, files, folders, extensions };
}

/** One part of a name, looked for as Python's finder does: package, module in C, source, compiled; else any folder. */
function look(part: string, within: Place['within']): Place | undefined {
  if (part === '' || /[/\\\0]/.test(part)) return undefined;
  const portions: { index: RootIndex; folder: string }[] = [];
  for (const { index, folder } of within) {
    const { tree, files } = index;
    const base = folder === '' ? part : `${folder}/${part}`;
    const inside = [{ index, folder: base }];
    if (files.has(`${base}/__init__.py`)) {
      return { found: 'package', tree, path: `${base}/__init__.py`, within: inside };
    }
    const extension = index.extensions.get(base);
    if (extension !== undefined) return { found: 'extension', tree, path: extension, within: [] };
    if (files.has(`${base}.py`)) return { found: 'source', tree, path: `${base}.py`, within: [] };
    if (files.has(`${base}.pyc`)) return { found: 'compiled', tree, path: `${base}.pyc`, within: [] };
    if (index.folders.has(base)) portions.push({ index, folder: base });
  }
  return portions.length > 0 ? { found: 'folder', within: portions } : undefined;
}

async function foundModule(
  { found, tree, path }: Place,
  limits: SourceLimits,
  options?: ReadOptions,
): Promise<FoundModule | undefined> {
  const isPackage = found === 'package' || found === 'folder';
  if (tree === undefined || path === undefined) return { isPackage };
  if (found === 'extension' || found === 'compiled') return { isPackage, file: path };
  const file = await tree.open(path, options);
  if (file === undefined) return undefined;
  try {
    return {
      isPackage,
      file: path,
      text: wholeLines(decodeSource(await readAll(file, limits.headerBytes, options))),
    };
  } catch (error) {
    throw locateError(error, { path });
  }
}
