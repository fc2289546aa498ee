import type { ByteSource, FileTree } from '@torsh/bytes';
import { type Directory, type DirectoryOptions, readDirectory, type ZipEntry } from './directory.ts';
import { type EntryOptions, entrySource } from './entry.ts';

/** A ZIP as a tree of files. */
export interface ZipTree extends FileTree {
  readonly directory: Directory;
  /** The entries by path, in the order of the directory. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The bytes of an entry of this ZIP; nothing is read yet. */
  source(entry: ZipEntry): ByteSource;
}

/** Opens a ZIP: reads its directory, and nothing else until someone asks. */
export async function openZip(zip: ByteSource, options: DirectoryOptions & EntryOptions): Promise<ZipTree> {
  const directory = await readDirectory(zip, options);
  const { entries } = directory;
  const { limits, platform, strictness } = options;
  const source = (entry: ZipEntry) => entrySource(zip, entry, { limits, platform, strictness });
  return {
    directory,
    entries,
    source,
    async *list() {
      for (const { path, size } of entries.values()) yield { path, size };
    },
    async open(path) {
      const entry = entries.get(path);
      return entry === undefined ? undefined : source(entry);
    },
  };
}
