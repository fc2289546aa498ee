import { deflateRawSync } from 'node:zlib';
import { crc32 } from '@torsh/bytes';

/** What a header says; both headers say the same unless told otherwise. */
export interface HeaderTweaks {
  readonly signature?: number;
  readonly name?: string | Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly compressedSize?: number;
  readonly size?: number;
  readonly extra?: Uint8Array;
  readonly needed?: number;
  readonly time?: number;
  readonly date?: number;
}

/** One entry of a ZIP made by hand. Fields given here are in both headers; `local` and `central` disagree. */
export interface EntryTweaks extends HeaderTweaks {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  /** The bytes in the ZIP, where they are not the data stored, or deflated for method 8. */
  readonly raw?: Uint8Array;
  readonly local?: HeaderTweaks;
  readonly central?: HeaderTweaks & {
    readonly madeBy?: number;
    readonly disk?: number;
    readonly attributes?: number;
    readonly offset?: number;
    readonly comment?: Uint8Array;
  };
  /** What follows the bytes: nothing unless given; `descriptor()` makes the usual one. */
  readonly descriptor?: Uint8Array;
  /** Bytes before the local header that belong to nothing. */
  readonly gap?: Uint8Array;
  /** The entry is in the file but not in the directory. */
  readonly hidden?: boolean;
  /** The entry is in the directory and has no bytes of its own in the file. */
  readonly ghost?: boolean;
}

/** What is outside of the entries. */
export interface ZipTweaks {
  readonly prefix?: Uint8Array;
  readonly suffix?: Uint8Array;
  readonly beforeDirectory?: Uint8Array;
  readonly afterDirectory?: Uint8Array;
  /** Put in place of the whole directory. */
  readonly directory?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly end?: Partial<EndFields> & { readonly commentLength?: number };
  /** Present: a ZIP64 end record and its locator stand before the end record. */
  readonly end64?: Partial<EndFields> & {
    readonly recordOffset?: number;
    readonly recordSize?: number;
    readonly diskCount?: number;
    readonly locatorDisk?: number;
  };
}

interface EndFields {
  readonly disk: number;
  readonly directoryDisk: number;
  readonly countHere: number;
  readonly count: number;
  readonly directorySize: number;
  readonly directoryOffset: number;
}

const nothing = new Uint8Array(0);

/** Little-endian fields, one after the other: `[2, value]` is a u16. */
export function fields(...values: readonly (readonly [width: 2 | 4 | 8, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** An extra field. */
export function extraField(id: number, data: Uint8Array): Uint8Array {
  return join(fields([2, id], [2, data.length]), data);
}

/** The descriptor that follows the bytes of an entry with flag bit 3. */
export function descriptor(data: Uint8Array, compressed: number = data.length): Uint8Array {
  return fields([4, 0x08074b50], [4, crc32(data)], [4, compressed], [4, data.length]);
}

/** A ZIP made by hand, right in everything that is not tweaked. */
export function buildZip(entries: readonly EntryTweaks[], tweaks: ZipTweaks = {}): Uint8Array {
  const parts: Uint8Array[] = [tweaks.prefix ?? nothing];
  let position = parts[0]!.length;
  const put = (part: Uint8Array): void => {
    parts.push(part);
    position += part.length;
  };
  const headers: Uint8Array[] = [];
  for (const entry of entries) {
    const raw = rawOf(entry);
    put(entry.gap ?? nothing);
    const offset = position;
    if (entry.ghost !== true) for (const part of [localHeader(entry, raw), raw]) put(part);
    put(entry.descriptor ?? nothing);
    if (entry.hidden !== true) headers.push(centralHeader(entry, raw, offset));
  }
  put(tweaks.beforeDirectory ?? nothing);
  const directoryOffset = position;
  const directory = tweaks.directory ?? join(...headers);
  put(directory);
  put(tweaks.afterDirectory ?? nothing);
  const real: EndFields = {
    disk: 0,
    directoryDisk: 0,
    countHere: headers.length,
    count: headers.length,
    directorySize: directory.length,
    directoryOffset,
  };
  if (tweaks.end64 !== undefined) put(end64(real, tweaks.end64, position));
  put(end(real, tweaks));
  put(tweaks.suffix ?? nothing);
  return join(...parts);
}

function rawOf({ data = nothing, raw, method }: EntryTweaks): Uint8Array {
  return raw ?? (method === 8 ? new Uint8Array(deflateRawSync(data)) : data);
}

function nameOf(name: string | Uint8Array): Uint8Array {
  return typeof name === 'string' ? utf8(name) : name;
}

/** The part that both headers share, from `needed` to the length of the extra field. */
function shared(entry: EntryTweaks, tweaks: HeaderTweaks, raw: Uint8Array): Uint8Array {
  const { data = nothing } = entry;
  const all = { ...entry, ...tweaks };
  return fields(
    [2, all.needed ?? 20],
    [2, all.flags ?? 0x800],
    [2, all.method ?? 0],
    [2, all.time ?? 0],
    [2, all.date ?? 0x21],
    [4, all.crc ?? crc32(data)],
    [4, all.compressedSize ?? raw.length],
    [4, all.size ?? data.length],
    [2, nameOf(all.name).length],
    [2, (all.extra ?? nothing).length],
  );
}

function localHeader(entry: EntryTweaks, raw: Uint8Array): Uint8Array {
  const all = { ...entry, ...entry.local };
  return join(
    fields([4, entry.local?.signature ?? 0x04034b50]),
    shared(entry, entry.local ?? {}, raw),
    nameOf(all.name),
    all.extra ?? nothing,
  );
}

function centralHeader(entry: EntryTweaks, raw: Uint8Array, offset: number): Uint8Array {
  const { central = {} } = entry;
  const all = { ...entry, ...central };
  const comment = central.comment ?? nothing;
  return join(
    fields([4, central.signature ?? 0x02014b50], [2, central.madeBy ?? 45]),
    shared(entry, central, raw),
    fields([2, comment.length], [2, central.disk ?? 0], [2, 0]),
    fields([4, central.attributes ?? 0], [4, central.offset ?? offset]),
    nameOf(all.name),
    all.extra ?? nothing,
    comment,
  );
}

function end64(real: EndFields, tweaks: NonNullable<ZipTweaks['end64']>, position: number): Uint8Array {
  const all = { ...real, ...tweaks };
  return join(
    fields([4, 0x06064b50], [8, tweaks.recordSize ?? 44], [2, 45], [2, 45]),
    fields([4, all.disk], [4, all.directoryDisk], [8, all.countHere], [8, all.count]),
    fields([8, all.directorySize], [8, all.directoryOffset]),
    fields([4, 0x07064b50], [4, tweaks.locatorDisk ?? 0]),
    fields([8, tweaks.recordOffset ?? position], [4, tweaks.diskCount ?? 1]),
  );
}

function end(real: EndFields, { end: tweaks = {}, comment = nothing }: ZipTweaks): Uint8Array {
  const all = { ...real, ...tweaks };
  return join(
    fields([4, 0x06054b50], [2, all.disk], [2, all.directoryDisk], [2, all.countHere], [2, all.count]),
    fields([4, all.directorySize], [4, all.directoryOffset], [2, tweaks.commentLength ?? comment.length]),
    comment,
  );
}
