import { type ByteSource, cursor, type Limits, type ReadOptions, TorshError } from '@torsh/bytes';
import { type DirectoryPlace, findDirectory } from './end.ts';
import {
  ALLOWED_FLAGS,
  CENTRAL_HEADER,
  CENTRAL_HEADER_BYTES,
  DEFLATED,
  FLAG_ENCRYPTED,
  FLAG_MASKED,
  FLAG_PATCH,
  FLAG_STRONG_ENCRYPTION,
  LOCAL_HEADER_BYTES,
  MAX16,
  MAX32,
  STORED,
  UNICODE_PATH_EXTRA,
  UNIX_FILE,
  UNIX_FOLDER,
  UNIX_KIND,
  UNIX_LINK,
  ZIP64_EXTRA,
} from './layout.ts';
import { byName } from './names.ts';

/** How much is forgiven. `strict` is for archives of our own; `tolerant` takes what the writers of others really make. */
export type Strictness = 'strict' | 'tolerant';

/** One file of a ZIP, as the directory says. */
export interface ZipEntry {
  readonly path: string;
  readonly method: 'stored' | 'deflate';
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  readonly flags: number;
  /** The DOS date and time, in one number as they lie in the file; nothing depends on them. */
  readonly modified: number;
  /** Where its local header begins. */
  readonly offset: number;
  /** Where the next entry, or the directory, begins: nothing of this entry may lie behind. */
  readonly end: number;
}

/** An entry whose end is not yet known. */
type Draft = Omit<ZipEntry, 'end'> & { end: number };

/** A deviation that was forgiven. */
export interface ZipNote {
  readonly code: 'trailing-bytes' | 'leading-bytes' | 'comment' | 'folder-entry';
  readonly message: string;
}

export interface Directory extends DirectoryPlace {
  /** By path, in the order of the directory. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly notes: readonly ZipNote[];
}

export interface DirectoryOptions extends ReadOptions {
  readonly limits: Limits;
  readonly strictness: Strictness;
}

/** Reads and checks the directory at the end of a ZIP; the entries themselves are not touched. */
export async function readDirectory(source: ByteSource, options: DirectoryOptions): Promise<Directory> {
  const notes: ZipNote[] = [];
  const place = await findDirectory(source, options, notes);
  if (place.directoryBytes > options.limits.headerBytes) {
    throw new TorshError(
      'limit',
      `The ZIP directory has ${place.directoryBytes} bytes; at most ${options.limits.headerBytes} are read (limit headerBytes).`,
      { offset: place.directoryOffset },
    );
  }
  const bytes = await source.read(place.directoryOffset, place.directoryBytes, options);
  const all = parseEntries(bytes, place, options, notes);
  const entries = byName(all.filter(isFile), options.strictness);
  setEnds(all, place, options.strictness, notes);
  return { ...place, entries, notes };
}

function parseEntries(
  bytes: Uint8Array,
  place: DirectoryPlace,
  options: DirectoryOptions,
  notes: ZipNote[],
): Draft[] {
  const entries: Draft[] = [];
  const from = cursor(bytes, place.directoryOffset);
  for (let index = 0; index < place.count; index++) {
    const entry = parseEntry(from, options);
    entries.push(entry);
    if (isFile(entry)) continue;
    if (options.strictness === 'strict' || entry.size > 0) {
      throw new TorshError(
        'malformed',
        `The ZIP entry ${quote(entry.path)} is a folder; only files belong here.`,
        {
          path: entry.path,
          offset: entry.offset,
        },
      );
    }
    notes.push({ code: 'folder-entry', message: `The folder entry ${quote(entry.path)} is passed over.` });
  }
  if (from.remaining > 0) {
    throw new TorshError(
      'malformed',
      `The ZIP directory has ${from.remaining} bytes more than its ${place.count} entries.`,
      {
        offset: from.position,
      },
    );
  }
  return entries;
}

function parseEntry(from: ReturnType<typeof cursor>, options: DirectoryOptions): Draft {
  const at = from.position;
  if (from.remaining < CENTRAL_HEADER_BYTES || from.u32() !== CENTRAL_HEADER) {
    throw new TorshError(
      'malformed',
      'The ZIP directory is damaged: an entry does not begin where it should.',
      {
        offset: at,
      },
    );
  }
  from.skip(4); // made by, needed
  const flags = from.u16();
  const method = from.u16();
  const modified = from.u32();
  const crc32 = from.u32();
  const compressed = from.u32();
  const size = from.u32();
  const nameBytes = from.u16();
  const extraBytes = from.u16();
  const commentBytes = from.u16();
  const disk = from.u16();
  from.skip(2); // internal attributes
  const attributes = from.u32();
  const offset = from.u32();
  if (nameBytes > options.limits.nameBytes) {
    throw new TorshError('limit', `A ZIP entry has a name of ${nameBytes} bytes (limit nameBytes).`, {
      offset: at,
    });
  }
  const path = from.text(nameBytes);
  const place = { path, offset: at };
  const short = { compressed, size, offset, disk };
  const wide = extraBytes === 0 ? short : parseExtra(from.bytes(extraBytes), short, place);
  from.skip(commentBytes);
  checkFlags(flags, place);
  if (wide.disk !== 0)
    throw new TorshError('unsupported', 'This is one part of a split ZIP. Join the parts first.', place);
  const kind = (attributes >>> 16) & UNIX_KIND;
  if (kind !== 0 && kind !== (path.endsWith('/') ? UNIX_FOLDER : UNIX_FILE)) {
    throw new TorshError(
      'unsafe',
      `The ZIP entry ${quote(path)} is ${kind === UNIX_LINK ? 'a symbolic link, which could point anywhere' : 'a device, a pipe or another thing that is not a file'}.`,
      place,
    );
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new TorshError(
      'unsupported',
      `The ZIP entry ${quote(path)} is compressed by method ${method}; only stored and deflated entries are read. Pack it again with an ordinary zip tool.`,
      place,
    );
  }
  if (method === STORED && wide.compressed !== wide.size) {
    throw new TorshError(
      'malformed',
      `The stored ZIP entry ${quote(path)} claims ${wide.compressed} bytes in the file and ${wide.size} outside of it.`,
      place,
    );
  }
  return {
    path,
    method: method === STORED ? 'stored' : 'deflate',
    size: wide.size,
    compressedSize: wide.compressed,
    crc32,
    flags,
    modified,
    offset: wide.offset,
    end: wide.offset,
  };
}

interface Wide {
  readonly size: number;
  readonly compressed: number;
  readonly offset: number;
  readonly disk: number;
}

/** The sizes and the offset of an entry, from its ZIP64 field where the short fields say so. */
function parseExtra(bytes: Uint8Array, short: Wide, place: { path: string; offset: number }): Wide {
  let wide = short;
  let seen64 = false;
  const from = cursor(bytes, place.offset);
  while (from.remaining > 0) {
    if (from.remaining < 4)
      throw new TorshError('malformed', 'An extra field of a ZIP entry is cut off.', place);
    const id = from.u16();
    const length = from.u16();
    if (length > from.remaining)
      throw new TorshError('malformed', 'An extra field of a ZIP entry is too long.', place);
    const field = cursor(from.bytes(length), place.offset);
    if (id === UNICODE_PATH_EXTRA) {
      throw new TorshError(
        'unsafe',
        'A ZIP entry has a second name, which only some tools would use.',
        place,
      );
    }
    if (id !== ZIP64_EXTRA) continue;
    if (seen64) throw new TorshError('unsafe', 'A ZIP entry has two ZIP64 fields.', place);
    seen64 = true;
    wide = {
      size: short.size === MAX32 ? field.u64() : short.size,
      compressed: short.compressed === MAX32 ? field.u64() : short.compressed,
      offset: short.offset === MAX32 ? field.u64() : short.offset,
      disk: short.disk === MAX16 ? field.u32() : short.disk,
    };
  }
  return wide;
}

/** Throws for flags that mean encryption, patches, or nothing that is known. */
export function checkFlags(flags: number, place: { path: string; offset: number }): void {
  if (flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED)) {
    throw new TorshError(
      'unsupported',
      `The ZIP entry ${quote(place.path)} is encrypted. Decrypt the file first.`,
      place,
    );
  }
  if (flags & FLAG_PATCH)
    throw new TorshError('unsupported', 'A ZIP entry holds patch data, not a file.', place);
  if (flags & ~ALLOWED_FLAGS) {
    throw new TorshError('unsupported', `A ZIP entry has unknown flags (0x${flags.toString(16)}).`, place);
  }
}

/** Gives each entry its end, and refuses entries that share bytes or reach into the directory. */
function setEnds(
  entries: readonly Draft[],
  place: DirectoryPlace,
  strictness: Strictness,
  notes: ZipNote[],
): void {
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset);
  byOffset.forEach((entry, index) => {
    entry.end = byOffset[index + 1]?.offset ?? place.directoryOffset;
    if (entry.offset + LOCAL_HEADER_BYTES + entry.path.length + entry.compressedSize > entry.end) {
      throw new TorshError(
        'unsafe',
        `The ZIP entry ${quote(entry.path)} reaches into what follows it at byte ${entry.end}; two entries may not share bytes.`,
        { path: entry.path, offset: entry.offset },
      );
    }
  });
  const before = byOffset[0]?.offset ?? place.directoryOffset;
  if (before > 0) {
    const message = `There are ${before} bytes before the first ZIP entry.`;
    if (strictness === 'strict') {
      throw new TorshError('unsafe', `${message} Nothing else may be in the file.`, { offset: 0 });
    }
    notes.push({ code: 'leading-bytes', message });
  }
}

function isFile({ path }: ZipEntry): boolean {
  return !path.endsWith('/');
}

function quote(path: string): string {
  return JSON.stringify(path);
}
