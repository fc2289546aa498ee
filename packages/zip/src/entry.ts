import {
  type ByteSource,
  checkRead,
  compareDigests,
  cursor,
  type Expected,
  type Limits,
  locate,
  type Platform,
  type ReadOptions,
  TorshError,
  type Window,
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
  if (entry.method === 'stored') return new EntrySource(zip, entry, options, true);
  const deflated = new EntrySource(zip, entry, options, false);
  return checked(inflated(deflated, entry, options), entry, options, deflated);
}

/**
 * The bytes of an entry as they lie in the ZIP. A class, because a checkpoint can have hundreds of thousands of them, and
 * functions of their own would take ten times the memory.
 */
class EntrySource implements ByteSource {
  readonly #zip: ByteSource;
  readonly #entry: ZipEntry;
  readonly #options: EntryOptions;
  /** True where they are the content, which has a check sum. */
  readonly #whole: boolean;
  /** Where they begin, once the local header has been read. */
  #start: number | undefined;

  constructor(zip: ByteSource, entry: ZipEntry, options: EntryOptions, whole: boolean) {
    this.#zip = zip;
    this.#entry = entry;
    this.#options = options;
    this.#whole = whole;
  }

  get size(): number {
    return this.#entry.compressedSize;
  }

  get block(): number | undefined {
    return this.#zip.block;
  }

  get expected(): Expected | undefined {
    return this.#whole ? expectedOf(this.#entry, this.#options) : undefined;
  }

  async read(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array> {
    checkRead(this.size, offset, length, options);
    const bytes = await this.#zip.read((await this.#begin(options)) + offset, length, options);
    return this.#whole && length === this.size ? compared(this, bytes, this.#options) : bytes;
  }

  async locate(options?: ReadOptions): Promise<Window> {
    const at = await this.#begin(options);
    const { root, offset } = await locate(this.#zip, options);
    return { root, offset: offset + at };
  }

  async #begin(options?: ReadOptions): Promise<number> {
    this.#start ??= await dataStart(this.#zip, this.#entry, this.#options.strictness, options);
    return this.#start;
  }
}

/** The content of a compressed entry, with what is known of it. */
function checked(
  source: ByteSource,
  entry: ZipEntry,
  options: EntryOptions,
  deflated: ByteSource,
): ByteSource {
  const content: ByteSource = {
    size: source.size,
    block: source.block,
    deflated,
    expected: expectedOf(entry, options),
    async read(offset, length, readOptions) {
      const bytes = await source.read(offset, length, readOptions);
      return length === source.size ? compared(content, bytes, options) : bytes;
    },
  };
  return content;
}

/** torch can write archives without check sums; a zero there means "none", unless the entry is ours or empty. */
function expectedOf({ path, size, crc32 }: ZipEntry, { strictness }: EntryOptions): Expected {
  return strictness === 'strict' || size === 0 || crc32 !== 0 ? { crc32, path } : { path };
}

/** All bytes of a source, after they were found to be what they must be. */
function compared(source: ByteSource, bytes: Uint8Array, { platform }: EntryOptions): Uint8Array {
  if (source.expected?.crc32 !== undefined) compareDigests(source, { crc32: platform.crc32(bytes) }, {});
  return bytes;
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
