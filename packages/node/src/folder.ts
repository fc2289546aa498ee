import fs from 'node:fs';
import nodePath from 'node:path';
import { type ByteSource, checkPath, type FileEntry, type FileTree, TorshError } from '@torsh/bytes';
import { DiskFile, Handles } from './file-source.ts';
import { ioError, systemCode } from './io-error.ts';
import { linkBounds } from './link-bounds.ts';

/** A folder on disk as a tree. Files are opened when asked for and stay open until the folder is closed. */
export interface Folder extends FileTree {
  readonly path: string;
  close(): Promise<void>;
}

/** One file with its neighbours within reach: models are often a file that names others beside it. */
export interface FileInFolder extends Folder {
  /** The name of the file in the folder. */
  readonly entry: string;
}

/** Well below the 256 files that some systems allow a process, and enough for the shards of a large model. */
const OPEN_AT_ONCE = 100;

/** A folder as a tree. Nothing is listed or opened until asked for; links that lead out of it are refused. */
export async function fromFolder(path: string): Promise<Folder> {
  return folder(path);
}

/** The folder of a file. The file itself may be a link to anywhere, because a person named it. */
export async function fromFile(path: string): Promise<FileInFolder> {
  const whole = nodePath.resolve(path);
  const entry = nodePath.basename(whole);
  const opened = folder(nodePath.dirname(whole), entry);
  if ((await opened.open(entry)) === undefined) {
    throw fs.existsSync(whole)
      ? new TorshError('io', `${path} is a folder, not a file. Name a file.`, { path })
      : new TorshError('not-found', `There is no file ${path}.`, { path });
  }
  return { ...opened, entry };
}

function folder(path: string, named?: string): Folder {
  let root: string;
  try {
    root = fs.realpathSync.native(path);
    if (!fs.statSync(root).isDirectory()) {
      throw new TorshError('io', `${path} is a file, not a folder. Name a folder.`, { path });
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw new TorshError('not-found', `There is no folder ${path}.`, { path, cause: error });
    }
    throw ioError(error, 'read', path);
  }
  const bounds = linkBounds(root);
  const handles = new Handles(OPEN_AT_ONCE);
  const files = new Map<string, DiskFile>();

  const open = (relative: string): ByteSource | undefined => {
    const held = files.get(relative);
    if (held !== undefined) return held;
    checkPath(relative);
    const whole = nodePath.join(root, ...relative.split('/'));
    try {
      const real = fs.realpathSync.native(whole);
      if (relative !== named && !bounds.hold(real)) throw escapes(relative);
      if (fs.statSync(real).isDirectory()) return undefined;
      const file = new DiskFile(real, handles);
      files.set(relative, file);
      return file;
    } catch (error) {
      if (isAbsent(error, whole)) return undefined;
      throw ioError(error, 'read', whole);
    }
  };
  return {
    path,
    list: (options) => list(root, bounds, options?.signal),
    async open(relative, options) {
      options?.signal?.throwIfAborted();
      return open(relative);
    },
    async close() {
      for (const file of files.values()) await file.close();
    },
  };
}

/** Depth first, in the order of the whole paths, so that a folder is listed the same on every disk. */
async function* list(
  root: string,
  bounds: ReturnType<typeof linkBounds>,
  signal: AbortSignal | undefined,
  prefix = '',
  above: readonly string[] = [root],
): AsyncGenerator<FileEntry> {
  const here = nodePath.join(root, prefix);
  let found: (FileEntry & { readonly real?: string | undefined })[];
  try {
    found = fs.readdirSync(here).map((name) => look(root, `${prefix}${name}`, bounds));
  } catch (error) {
    throw ioError(error, 'read', here);
  }
  for (const { path, size, real } of found.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    signal?.throwIfAborted();
    if (size === NOT_A_FILE) continue;
    if (real === undefined) yield { path, size };
    // A link to a folder above itself would never end.
    else if (!above.includes(real)) yield* list(root, bounds, signal, path, [...above, real]);
  }
}

const NOT_A_FILE = -1;

/** What a name in a folder is: a file, a folder (its path then ends in a slash), or nothing that has bytes. */
function look(
  root: string,
  path: string,
  bounds: ReturnType<typeof linkBounds>,
): FileEntry & { readonly real?: string | undefined } {
  const whole = nodePath.join(root, path);
  try {
    const real = fs.realpathSync.native(whole);
    if (!bounds.hold(real)) return { path, size: 0 };
    const stats = fs.statSync(real);
    if (stats.isDirectory()) return { path: `${path}/`, size: 0, real };
    return { path, size: stats.isFile() ? stats.size : NOT_A_FILE };
  } catch (error) {
    // Links that lead out or nowhere are listed, so that they are not lost in silence; opening one says what is wrong.
    if (isLink(whole)) return { path, size: 0 };
    if (systemCode(error) === 'ENOENT') return { path, size: NOT_A_FILE };
    throw error;
  }
}

function isAbsent(error: unknown, whole: string): boolean {
  const code = systemCode(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return false;
  if (!isLink(whole)) return true;
  throw new TorshError('not-found', `${whole} is a link that leads nowhere. Fetch the file it stands for.`, {
    path: whole,
  });
}

function isLink(whole: string): boolean {
  try {
    return fs.lstatSync(whole).isSymbolicLink();
  } catch {
    return false;
  }
}

function escapes(path: string): TorshError {
  return new TorshError(
    'unsafe',
    `${path} is a link that leads out of its folder; it is not followed. Put the file itself there if you trust it.`,
    { path },
  );
}
