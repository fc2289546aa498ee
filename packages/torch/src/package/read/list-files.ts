import { type FileEntry, isTorshError, TorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input } from '@torsh/core';
import { openOnce } from '../../zip/container.ts';
import { openRecords } from './records.ts';

/** The files in a file or folder, in its order: the records of a package, the entries of any other ZIP. */
export async function listFiles(input: Input, context: Context): Promise<readonly FileEntry[]> {
  const records = await openRecords(input, context).catch((error) => {
    if (isTorshError(error) && error.code !== 'io' && error.code !== 'not-found') return undefined;
    throw error;
  });
  if (records !== undefined)
    return Array.from(records.names(), (path) => ({ path, size: records.record(path)!.size }));
  const source = await entrySource(input, context);
  if (source === undefined) {
    const files: FileEntry[] = [];
    for await (const file of input.files.list(context)) files.push(file);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  const [p, k] = await head(source, 2, context);
  if (p !== 0x50 || k !== 0x4b)
    throw new TorshError(
      'unsupported',
      'This file has no files in it: it is neither a package nor any other ZIP.',
    );
  const { entries } = await openOnce(source, context);
  return Array.from(entries.values(), ({ path, size }) => ({ path, size }));
}
