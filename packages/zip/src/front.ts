import { type ByteSource, type Limits, paged, type ReadOptions, TorshError } from '@torsh/bytes';
import { begins, type Descriptor, descriptorAt, findDescriptor } from './descriptor.ts';
import type { ZipEntry } from './directory.ts';
import { FLAG_DESCRIPTOR } from './layout.ts';
import { type LocalHeader, readLocalHeader } from './local-header.ts';
import { byName } from './names.ts';

/** An entry as the front of a ZIP tells it, without a directory. */
export interface FrontEntry {
  readonly entry: ZipEntry;
  /**
   * `whole`: the bytes are there and what follows them confirms their number. `unconfirmed`: they are there, and the file
   * ends before anything could confirm it. `cut`: the file ends inside of them. `damaged`: what must follow does not.
   */
  readonly state: 'whole' | 'unconfirmed' | 'cut' | 'damaged';
  /** How many of its bytes, as they lie in the ZIP, are in the file. */
  readonly present: number;
}

export interface FrontOptions extends ReadOptions {
  readonly limits: Limits;
  /** How many bytes an entry should have, where the reader of the format knows: headers often do not say. */
  promised?(path: string): number | undefined;
}

/** Headers are small and far apart, or many and close together. */
const PAGE = 2 ** 16;

/**
 * Reads a ZIP whose end is missing from its front, header by header, as far as each leads to the next. Nothing here is
 * certain: who uses an entry compares its check sum.
 */
export async function* readFront(
  zip: ByteSource,
  options: FrontOptions,
): AsyncGenerator<FrontEntry, void, undefined> {
  const source = paged(zip, PAGE);
  const entries: ZipEntry[] = [];
  for (let at = 0; ; ) {
    const header = await readLocalHeader(source, at, options);
    if (header === undefined) break;
    if (entries.length >= options.limits.entries) {
      throw new TorshError(
        'limit',
        `The ZIP has more than ${options.limits.entries} entries (limit entries).`,
        { offset: at },
      );
    }
    const found = await follow(source, header, at, options);
    entries.push(found.entry);
    yield found;
    if (found.entry.end <= at || found.state === 'cut' || found.state === 'unconfirmed') break;
    at = found.entry.end;
  }
  byName(entries, 'tolerant');
}

/** Finds where an entry ends. */
async function follow(
  zip: ByteSource,
  header: LocalHeader,
  offset: number,
  options: FrontOptions,
): Promise<FrontEntry> {
  const { start } = header;
  const room = zip.size - start;
  const entryOf = (known: Partial<ZipEntry> & { readonly end: number }): ZipEntry => {
    const { path, method, size, compressedSize, crc32, flags, modified } = header;
    return { path, method, size, compressedSize, crc32, flags, modified, offset, ...known };
  };
  const cut = (length: number): FrontEntry => ({
    entry: entryOf({ compressedSize: length, end: zip.size }),
    state: 'cut',
    present: room,
  });
  const described = ({ crc32, size, compressedSize, end, whole }: Descriptor): FrontEntry => ({
    entry: entryOf({ crc32, size, compressedSize, end }),
    state: whole ? 'whole' : 'unconfirmed',
    present: compressedSize,
  });

  if ((header.flags & FLAG_DESCRIPTOR) === 0) {
    const length = header.compressedSize;
    if (length > room) return cut(length);
    return { entry: entryOf({ end: start + length }), state: 'whole', present: length };
  }
  const promised = header.method === 'stored' ? options.promised?.(header.path) : undefined;
  const lengths = [promised, header.compressedSize].filter((length) => length !== undefined && length > 0);
  for (const length of new Set(lengths as number[])) {
    if (length > room) return cut(length);
    const descriptor = await descriptorAt(zip, header, length, options);
    if (descriptor !== undefined) return described(descriptor);
  }
  const found = await findDescriptor(zip, header, options);
  if (found !== undefined) return described(found);
  if (promised === undefined) return cut(room);
  // Nothing tells where the entry ends; if the next one begins where it should, only this one is lost.
  const next = await nextBehind(zip, start + promised, options);
  const entry = entryOf({ size: promised, compressedSize: promised, end: next ?? offset });
  return { entry, state: 'damaged', present: promised };
}

/** Where the next entry begins behind a descriptor that is damaged. */
async function nextBehind(zip: ByteSource, at: number, options: ReadOptions): Promise<number | undefined> {
  for (const width of [16, 24]) {
    if (at + width + 4 > zip.size) return undefined;
    if (begins(await zip.read(at + width, 4, options))) return at + width;
  }
  return undefined;
}
