import fs from 'node:fs';
import nodePath from 'node:path';
import { type ByteSink, checkPath, type FileTreeSink, portablePathFlaw, TorshError } from '@torsh/bytes';
import { diskSink } from './disk-sink.ts';
import { ioError, systemCode } from './io-error.ts';
import { existsError, type OutputOptions, syncFolder, temporaryName } from './temporary.ts';

/** A folder that appears under its name whole, when closed, or not at all. An empty folder there is made use of. */
export async function toFolder(path: string, options: OutputOptions = {}): Promise<FileTreeSink> {
  const force = options.force === true;
  const target = nodePath.resolve(path);
  checkFolder(path, target, force, undefined);
  const temporary = temporaryName(target);
  const files = new Map<string, ByteSink>();
  const folders = new Set<string>([temporary]);
  let state: 'open' | 'ended' = 'open';
  make(temporary, path);

  const remove = (): void => fs.rmSync(temporary, { recursive: true, force: true });
  return {
    async create(name) {
      if (state !== 'open') throw new TypeError(`${path} was ended and is still written`);
      checkName(name);
      if (files.has(name)) throw new TypeError(`the file ${name} is made twice`);
      const whole = nodePath.join(temporary, ...name.split('/'));
      const parents = name.split('/').slice(0, -1);
      let at = temporary;
      for (const parent of parents) {
        at = nodePath.join(at, parent);
        if (!folders.has(at)) make(at, nodePath.join(path, name));
        folders.add(at);
      }
      const ending = { close() {}, abort: () => fs.rmSync(whole, { force: true }) };
      const sink = diskSink(whole, { path: nodePath.join(path, name), fsync: options.fsync, ending });
      files.set(name, sink);
      return sink;
    },
    async close() {
      if (state !== 'open') throw new TypeError(`${path} is ended twice`);
      state = 'ended';
      try {
        if (options.fsync !== false) for (const folder of folders) syncFolder(folder);
        checkFolder(path, target, force, new Set(files.keys()));
        replace(temporary, target, path);
      } catch (error) {
        remove();
        throw error;
      }
      if (options.fsync !== false) syncFolder(nodePath.dirname(target));
    },
    async abort(reason) {
      if (state !== 'open') return;
      state = 'ended';
      for (const sink of files.values()) await sink.abort(reason);
      remove();
    },
  };
}

function checkName(name: string): void {
  checkPath(name);
  const flaw = process.platform === 'win32' ? portablePathFlaw(name) : undefined;
  if (flaw !== undefined) {
    throw new TorshError('unsafe', `The path ${JSON.stringify(name)} cannot be made here: ${flaw}.`, {
      path: name,
    });
  }
}

function make(folder: string, path: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    throw ioError(error, 'written', path);
  }
}

/**
 * Throws unless the folder may be put there. With `force` a folder is replaced only if it holds nothing but files that
 * the new one has too: `--force` on the wrong folder must not cost anybody their home.
 */
function checkFolder(
  path: string,
  target: string,
  force: boolean,
  files: ReadonlySet<string> | undefined,
): void {
  try {
    const stats = fs.lstatSync(target, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      throw new TorshError(
        'io',
        `${path} is not a folder; a folder cannot take its place. Choose another name.`,
        {
          path,
        },
      );
    }
    const held = fs.readdirSync(target);
    if (held.length === 0) return;
    if (!force) throw existsError(path);
    const foreign = files === undefined ? undefined : foreignFile(target, files);
    if (foreign !== undefined) {
      throw new TorshError(
        'io',
        `${path} holds other files (${foreign}), so it is not replaced. Remove it yourself or choose another folder.`,
        { path },
      );
    }
  } catch (error) {
    throw ioError(error, 'written', path);
  }
}

function foreignFile(folder: string, files: ReadonlySet<string>, prefix = ''): string | undefined {
  for (const entry of fs.readdirSync(nodePath.join(folder, prefix), { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    const foreign = entry.isDirectory()
      ? foreignFile(folder, files, `${name}/`)
      : files.has(name)
        ? undefined
        : name;
    if (foreign !== undefined) return foreign;
  }
  return undefined;
}

/** Folders cannot be exchanged in one step, so an old one steps aside first, and comes back if that fails. */
function replace(temporary: string, target: string, path: string): void {
  const aside = temporaryName(target);
  let moved = false;
  try {
    if (fs.existsSync(target)) {
      fs.renameSync(target, aside);
      moved = true;
    }
    // Fails if somebody has put a file or a filled folder there meanwhile.
    fs.renameSync(temporary, target);
  } catch (error) {
    if (moved) fs.renameSync(aside, target);
    const code = systemCode(error) ?? '';
    throw ['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(code)
      ? existsError(path, error)
      : ioError(error, 'written', path);
  }
  if (moved) fs.rmSync(aside, { recursive: true, force: true });
}
