import { type ByteSource, type FileTree, pathFlaw, TorshError } from '@torsh/bytes';
import { type Context, entrySource, type Input } from '@torsh/core';
import type { ZipTree } from '@torsh/zip';
import { openContainer, type Records, shortText } from '../../zip/container.ts';

/** The records of a package, and what they lie in. */
export interface PackageRecords extends Records {
  /** What a person would call it: the name of the file, or `<binary>` where there is none. */
  readonly name: string;
  /** True for a package that was unzipped. */
  readonly unzipped: boolean;
  /** The bytes of all of it. */
  readonly bytes: number;
  /** The ZIP that they lie in. */
  readonly zip?: ZipTree;
  /** True for records that are yet to be written, by a writer that makes the serialization id. */
  readonly idFollows?: boolean;
}

/** The record by which a package is known: torch cannot open one without. */
export const EXTERN_MODULES = '.data/extern_modules';

/** Opens a package: a file, or the folder that is left when it is unzipped. */
export async function openRecords(input: Input, context: Context): Promise<PackageRecords> {
  const source = await entrySource(input, context);
  if (source === undefined) return openFolder(input.files, context);
  const container = await openContainer(source, context);
  if (!container.has(EXTERN_MODULES)) throw noPackage();
  return { ...container, name: input.entry!, unzipped: false, bytes: source.size };
}

async function openFolder(files: FileTree, context: Context): Promise<PackageRecords> {
  const sizes = new Map<string, number>();
  for await (const { path, size } of files.list(context)) {
    const flaw = pathFlaw(path);
    if (flaw !== undefined) throw new TorshError('unsafe', `A path is refused: ${flaw}.`, { path });
    if (sizes.size >= context.limits.entries) {
      const message = `The folder has more than ${context.limits.entries} files (limit entries).`;
      throw new TorshError('limit', message);
    }
    sizes.set(path, size);
  }
  const folder = folderOf(sizes);
  const prefix = folder === '' ? '' : `${folder}/`;
  const paths = [...sizes.keys()].filter((path) => path.startsWith(prefix)).sort();
  const record = (name: string): ByteSource | undefined => {
    const size = sizes.get(prefix + name);
    return size === undefined ? undefined : fileIn(files, prefix + name, size);
  };
  return {
    name: folder === '' ? '<folder>' : folder,
    unzipped: true,
    bytes: paths.reduce((sum, path) => sum + sizes.get(path)!, 0),
    folder,
    *names() {
      for (const path of paths) yield path.slice(prefix.length);
    },
    has: (name) => sizes.has(prefix + name),
    record,
    text: (name) => shortText(record(name), context),
  };
}

/** Where the records lie: unzip makes one folder of them, and people name that or the one around it. */
function folderOf(files: ReadonlyMap<string, unknown>): string {
  if (files.has(EXTERN_MODULES)) return '';
  const folders = new Set(Array.from(files.keys(), (path) => path.slice(0, Math.max(0, path.indexOf('/')))));
  const found = [...folders].filter((folder) => folder !== '' && files.has(`${folder}/${EXTERN_MODULES}`));
  if (found.length === 1) return found[0]!;
  throw noPackage();
}

/** A file that is opened when somebody reads it. */
function fileIn(files: FileTree, path: string, size: number): ByteSource {
  const open = async (options: Parameters<FileTree['open']>[1]): Promise<ByteSource> => {
    const file = await files.open(path, options);
    if (file?.size === size) return file;
    throw new TorshError('io', `The file ${path} has changed since the folder was opened.`, { path });
  };
  return {
    size,
    read: async (offset, length, options) => (await open(options)).read(offset, length, options),
    async locate(options) {
      const file = await open(options);
      return file.locate === undefined ? { root: file, offset: 0 } : file.locate(options);
    },
  };
}

function noPackage(): TorshError {
  const message = `There is no ${EXTERN_MODULES}, which every torch.package has: this is something else, or its export ended with an error. Export it again.`;
  return new TorshError('unsupported', message);
}
