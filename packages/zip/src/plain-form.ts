import { byteWriter } from './byte-writer.ts';
import { descriptor } from './encode.ts';
import { endRecords } from './end-records.ts';
import type { EntryForm, ZipForm } from './form.ts';
import {
  CENTRAL_HEADER,
  CENTRAL_HEADER_BYTES,
  DEFLATED,
  FLAG_DESCRIPTOR,
  LOCAL_HEADER,
  LOCAL_HEADER_BYTES,
  MAX32,
  STORED,
  ZIP64_EXTRA,
} from './layout.ts';

/** What is known of an entry before its first byte is written. */
export interface KnownEntry {
  readonly crc32: number;
  /** The DOS date and time in one number. */
  readonly modified: number;
}

/** 1 January 1980, midnight. */
const EPOCH = 0x00210000;
/** Unix, ZIP 3.0; a regular file that everybody may read. */
const MADE_BY = 0x031e;
const ATTRIBUTES = 0x81a40000;

const methodOf = ({ method }: EntryForm) => (method === 'stored' ? STORED : DEFLATED);
const wideSizes = ({ size, compressedSize }: EntryForm) => size >= MAX32 || compressedSize >= MAX32;
const isWide = (entry: EntryForm) => wideSizes(entry) || entry.offset >= MAX32;
const needed = (entry: EntryForm) => (isWide(entry) ? 45 : entry.method === 'stored' ? 10 : 20);

/**
 * The form of simple writers, such as the one of the Rust crate torsh-package: check sum and sizes in the header, no flag for
 * UTF-8, ZIP64 only where needed. An entry whose check sum is not known before has a descriptor.
 */
export function plainForm(known: ReadonlyMap<string, KnownEntry>): ZipForm {
  const flagsOf = ({ path }: EntryForm) => (known.has(path) ? 0 : FLAG_DESCRIPTOR);
  const modifiedOf = ({ path }: EntryForm) => known.get(path)?.modified ?? EPOCH;
  const localHeader = (entry: EntryForm): Uint8Array => {
    const name = new TextEncoder().encode(entry.path);
    const sum = known.get(entry.path)?.crc32;
    // The crate marks an entry for its offset, too. Before a descriptor that would make its sizes ambiguous.
    const wide = sum === undefined ? wideSizes(entry) : isWide(entry);
    const { bytes, u16, u32, u64, put } = byteWriter(LOCAL_HEADER_BYTES + name.length + (wide ? 20 : 0));
    u32(LOCAL_HEADER);
    u16(needed(entry));
    u16(flagsOf(entry));
    u16(methodOf(entry));
    u32(modifiedOf(entry));
    u32(sum ?? 0);
    const sizes = [entry.compressedSize, entry.size];
    for (const size of sizes) u32(wide ? MAX32 : sum === undefined ? 0 : size);
    u16(name.length);
    u16(wide ? 20 : 0);
    put(name);
    if (wide) {
      u16(ZIP64_EXTRA);
      u16(16);
      for (const size of sizes.reverse()) u64(sum === undefined ? 0 : size);
    }
    return bytes;
  };
  const centralHeader = (entry: EntryForm): Uint8Array => {
    const name = new TextEncoder().encode(entry.path);
    const wide = [entry.size, entry.compressedSize, entry.offset].filter((value) => value >= MAX32);
    const extra = wide.length > 0 ? 4 + 8 * wide.length : 0;
    const { bytes, u16, u32, u64, put } = byteWriter(CENTRAL_HEADER_BYTES + name.length + extra);
    const short = (value: number) => u32(Math.min(value, MAX32));
    u32(CENTRAL_HEADER);
    u16(MADE_BY);
    u16(needed(entry));
    u16(flagsOf(entry));
    u16(methodOf(entry));
    u32(modifiedOf(entry));
    u32(entry.crc32);
    short(entry.compressedSize);
    short(entry.size);
    u16(name.length);
    u16(extra);
    put(new Uint8Array(6)); // no comment, first disk, no internal attributes
    u32(ATTRIBUTES);
    short(entry.offset);
    put(name);
    if (extra > 0) {
      u16(ZIP64_EXTRA);
      u16(extra - 4);
      for (const value of wide) u64(value);
    }
    return bytes;
  };
  return {
    localHeader,
    descriptor(entry) {
      const promised = known.get(entry.path)?.crc32;
      if (promised === undefined) return descriptor(entry);
      if (promised !== entry.crc32) throw new TypeError(`${entry.path} is not what its header says`);
      return new Uint8Array(0);
    },
    directory(entries, offset) {
      const headers = entries.map(centralHeader);
      const size = headers.reduce((sum, { length }) => sum + length, 0);
      const end = endRecords({ count: entries.length, size, offset }, { madeBy: MADE_BY, always: false });
      const { bytes, put } = byteWriter(size + end.length);
      for (const part of [...headers, end]) put(part);
      return bytes;
    },
  };
}
