import { type ByteSource, expecting, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { ZipEntry, ZipTree } from '@torsh/zip';

/** All bytes of a small entry. */
export async function readEntry(zip: ZipTree, path: string, context: Context): Promise<Uint8Array> {
  const entry = zip.entries.get(path);
  if (entry === undefined)
    throw new TorshError('malformed', `There is no entry ${path} in this package.`, { path });
  if (entry.size > context.limits.headerBytes) {
    const message = `${path} has ${entry.size} bytes; at most ${context.limits.headerBytes} are read (limit headerBytes).`;
    throw new TorshError('limit', message, { path, offset: entry.offset });
  }
  return checkedSource(zip, entry).read(0, entry.size, context);
}

/** The bytes of an entry with their check sum; unlike other writers, the crate never leaves it out. */
export function checkedSource(zip: ZipTree, entry: ZipEntry): ByteSource {
  return expecting(zip.source(entry), { crc32: entry.crc32, path: entry.path });
}
