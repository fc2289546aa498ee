import { type ByteSource, type ReadOptions, TorshError } from '@torsh/bytes';
import type { ZipEntry } from './directory.ts';
import { descriptor, directory, localHeader } from './encode.ts';
import type { EntryForm } from './form.ts';
import type { ZipTree } from './read.ts';

/**
 * Throws unless every byte outside the files is what `zipSink` would have written. The headers are made again from the
 * directory and compared, so no flag, date or filler can be other than it should.
 */
export async function checkCanonical(
  zip: ByteSource,
  tree: ZipTree,
  alignAt: (path: string) => number | undefined,
  options?: ReadOptions,
): Promise<void> {
  let position = 0;
  const forms: EntryForm[] = [];
  for (const entry of tree.entries.values()) {
    const form = { ...formOf(entry), offset: position, alignAt: alignAt(entry.path) };
    position = await compare(zip, position, localHeader(form), entry.path, options);
    position = await compare(zip, position + entry.compressedSize, descriptor(form), entry.path, options);
    forms.push(form);
  }
  position = await compare(zip, position, directory(forms, position), undefined, options);
  if (position !== zip.size) throw different(position, undefined);
}

function formOf({ path, method, size, compressedSize, crc32, offset }: ZipEntry): EntryForm {
  return { path, method, size, compressedSize, crc32, offset };
}

async function compare(
  zip: ByteSource,
  offset: number,
  wanted: Uint8Array,
  path: string | undefined,
  options?: ReadOptions,
): Promise<number> {
  if (offset + wanted.length > zip.size) throw different(offset, path);
  const found = await zip.read(offset, wanted.length, options);
  const at = wanted.findIndex((byte, index) => byte !== found[index]);
  if (at >= 0) throw different(offset + at, path);
  return offset + wanted.length;
}

function different(offset: number, path: string | undefined): TorshError {
  const where = path === undefined ? 'the directory' : `the header of ${JSON.stringify(path)}`;
  return new TorshError(
    'malformed',
    `Byte ${offset}, in ${where}, is not what the format prescribes: the file is damaged or was changed.`,
    {
      path,
      offset,
    },
  );
}
