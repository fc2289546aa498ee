import {
  type ByteSource,
  checkRead,
  compareDigests,
  cursor,
  type Limits,
  locate,
  type Platform,
  type ReadOptions,
  TorshError,
} from '@torsh/bytes';
import { checkFlags, type Strictness, type ZipEntry } from './directory.ts';
import { inflated } from './inflate.ts';
import { DEFLATED, FLAG_DESCRIPTOR, LOCAL_HEADER, LOCAL_HEADER_BYTES, MAX32, STORED } from './layout.ts';

/** What reading an entry is lent. */
export interface EntryOptions {
  readonly limits: Limits;
  readonly platform: Platform;
  readonly strictness: Strictness;
}

/** The bytes of an entry. Its local header is read, and compared with the directory, when the bytes first are. */
export function entrySource(zip: ByteSource, entry: ZipEntry, options: EntryOptions): ByteSource {
  const raw = rawSource(zip, entry, options);
  const expected = hasCrc(entry, options.strictness)
    ? { crc32: entry.crc32, path: entry.path }
    : { path: entry.path };
  if (entry.method === 'stored') return wholeChecked({ ...raw, expected }, options.platform);
  const source = inflated(raw, entry, options);
  return wholeChecked({ ...source, expected, deflated: raw }, options.platform);
}

/** torch can write archives without check sums; a zero there means "none", unless the entry is ours or empty. */
function hasCrc(entry: ZipEntry, strictness: Strictness): boolean {
  return strictness === 'strict' || entry.size === 0 || entry.crc32 !== 0;
}

/** The same source; a read of all its bytes is compared with what they must be. */
function wholeChecked(source: ByteSource, platform: Platform): ByteSource {
  return {
    ...source,
    async read(offset, length, options) {
      const bytes = await source.read(offset, length, options);
      if (length === source.size && source.expected?.crc32 !== undefined) {
        compareDigests(source, { crc32: platform.crc32(bytes) }, {});
      }
      return bytes;
    },
  };
}

/** The bytes of an entry as they lie in the ZIP. */
function rawSource(zip: ByteSource, entry: ZipEntry, { strictness }: EntryOptions): ByteSource {
  const size = entry.compressedSize;
  let known: number | undefined;
  const start = async (options?: ReadOptions): Promise<number> => {
    known ??= await dataStart(zip, entry, strictness, options);
    return known;
  };
  return {
    size,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      return zip.read((await start(options)) + offset, length, options);
    },
    async locate(options) {
      const at = await start(options);
      const { root, offset } = await locate(zip, options);
      return { root, offset: offset + at };
    },
  };
}

/** Where the bytes of an entry begin, after its local header was found equal to the directory. */
async function dataStart(
  zip: ByteSource,
  entry: ZipEntry,
  strictness: Strictness,
  options?: ReadOptions,
): Promise<number> {
  const { path, offset } = entry;
  const place = { path, offset };
  const name = new TextEncoder().encode(path);
  const bytes = await zip.read(offset, LOCAL_HEADER_BYTES + name.length, options);
  const from = cursor(bytes, offset);
  if (from.u32() !== LOCAL_HEADER) {
    throw new TorshError(
      'malformed',
      `The ZIP entry ${JSON.stringify(path)} does not begin at byte ${offset}, where the directory says.`,
      place,
    );
  }
  from.skip(2);
  const flags = from.u16();
  const method = from.u16();
  from.skip(4);
  const [crc, compressed, size] = [from.u32(), from.u32(), from.u32()];
  const [nameBytes, extraBytes] = [from.u16(), from.u16()];
  checkFlags(flags, place);
  const same =
    flags === entry.flags &&
    method === (entry.method === 'stored' ? STORED : DEFLATED) &&
    nameBytes === name.length &&
    name.every((byte, index) => byte === bytes[LOCAL_HEADER_BYTES + index]);
  if (!same) throw contradiction(place, 'its name, method or flags');
  // With a descriptor, writers put zeros, the real numbers or ZIP64 marks here; without one only the real numbers count.
  const known = (found: number, real: number) => found === real || (found === MAX32 && real >= MAX32);
  if ((flags & FLAG_DESCRIPTOR) === 0) {
    const sizes = known(compressed, entry.compressedSize) && known(size, entry.size);
    if (!sizes || crc !== entry.crc32) throw contradiction(place, 'its sizes or check sum');
  }
  const start = offset + LOCAL_HEADER_BYTES + nameBytes + extraBytes;
  const end = start + entry.compressedSize;
  if (end > entry.end) {
    throw new TorshError(
      'unsafe',
      `The ZIP entry ${JSON.stringify(path)} reaches into what follows it; two entries may not share bytes.`,
      place,
    );
  }
  if (strictness === 'strict' && end + descriptorBytes(entry) !== entry.end) {
    throw new TorshError(
      'malformed',
      `There are bytes between the ZIP entry ${JSON.stringify(path)} and what follows it.`,
      place,
    );
  }
  return start;
}

function descriptorBytes(entry: ZipEntry): number {
  if ((entry.flags & FLAG_DESCRIPTOR) === 0) return 0;
  return entry.size >= MAX32 || entry.compressedSize >= MAX32 ? 24 : 16;
}

function contradiction(place: { path: string; offset: number }, what: string): TorshError {
  return new TorshError(
    'unsafe',
    `The ZIP says two things of ${JSON.stringify(place.path)}: its own header and the directory differ in ${what}.`,
    place,
  );
}
