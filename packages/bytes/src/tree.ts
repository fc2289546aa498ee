import { TorshError } from './errors.ts';
import type { ByteSource, ReadOptions } from './source.ts';

/** A file in a tree: its path, relative and normal, and its size. */
export interface FileEntry {
  readonly path: string;
  readonly size: number;
}

/** Named files: a folder, an opened ZIP, a repository on a server. Paths are relative and normal. */
export interface FileTree {
  list(options?: ReadOptions): AsyncIterable<FileEntry>;
  open(path: string, options?: ReadOptions): Promise<ByteSource | undefined>;
}

/** Files in memory as a tree. */
export function fromFiles(files: ReadonlyMap<string, ByteSource>): FileTree {
  return {
    async *list() {
      for (const [path, source] of files) yield { path, size: source.size };
    },
    open: async (path) => files.get(path),
  };
}

/** Why a path could leave its root or mean something else on another system; `undefined` for a good path. */
export function pathFlaw(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.startsWith('/')) return 'it is absolute';
  if (path.includes('\\')) return 'it has a backslash';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'it has a control character';
  for (const segment of path.split('/')) {
    if (segment === '') return 'it has an empty segment';
    if (segment === '.' || segment === '..') return `it has the segment "${segment}"`;
  }
  return undefined;
}

const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Why a path is not the same on every system, beyond `pathFlaw`: what an archive that we write must not hold. */
export function portablePathFlaw(path: string): string | undefined {
  const flaw = pathFlaw(path);
  if (flaw !== undefined) return flaw;
  if (path !== path.normalize('NFC')) return 'it is not in Unicode normal form C';
  if (/[:<>"|?*]/.test(path)) return 'it has one of : < > " | ? *';
  for (const segment of path.split('/')) {
    if (/[. ]$/.test(segment)) return `"${segment}" ends in a dot or a space`;
    if (DEVICE.test(segment)) return `"${segment}" is the name of a device on Windows`;
  }
  return undefined;
}

/** Throws `unsafe` for a path that could leave its root. */
export function checkPath(path: string): void {
  const flaw = pathFlaw(path);
  if (flaw !== undefined) {
    throw new TorshError('unsafe', `The path ${JSON.stringify(path)} is refused: ${flaw}.`, { path });
  }
}
