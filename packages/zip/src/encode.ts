import { byteWriter } from './byte-writer.ts';
import { endRecords } from './end-records.ts';
import type { EntryForm, ZipForm } from './form.ts';
import {
  ALIGNMENT_EXTRA,
  CENTRAL_HEADER,
  CENTRAL_HEADER_BYTES,
  DEFLATED,
  DESCRIPTOR,
  FLAG_DESCRIPTOR,
  FLAG_UTF8,
  LOCAL_HEADER,
  LOCAL_HEADER_BYTES,
  MAX32,
  STORED,
  ZIP64_EXTRA,
} from './layout.ts';

const FLAGS = FLAG_DESCRIPTOR | FLAG_UTF8;
/** 1 January 1980, the earliest date that DOS knows. */
const DOS_DATE = 0x0021;
const BOUNDARY = 64;

const isWide = ({ size, compressedSize }: EntryForm) => size >= MAX32 || compressedSize >= MAX32;
const methodOf = ({ method }: EntryForm) => (method === 'stored' ? STORED : DEFLATED);
const needed = (entry: EntryForm) => (isWide(entry) || entry.offset >= MAX32 ? 45 : 20);

/** The header before the bytes of an entry; check sum and sizes follow in the descriptor. */
export function localHeader(entry: EntryForm): Uint8Array {
  const name = new TextEncoder().encode(entry.path);
  const wide = isWide(entry) ? 20 : 0;
  const fixed = LOCAL_HEADER_BYTES + name.length + wide;
  const padding = entry.alignAt === undefined ? 0 : alignmentBytes(entry.offset + fixed, entry.alignAt);
  const { bytes, u16, u32, put } = byteWriter(fixed + padding);
  u32(LOCAL_HEADER);
  u16(needed({ ...entry, offset: 0 }));
  u16(FLAGS);
  u16(methodOf(entry));
  u16(0);
  u16(DOS_DATE);
  u32(0);
  u32(wide > 0 ? MAX32 : 0);
  u32(wide > 0 ? MAX32 : 0);
  u16(name.length);
  u16(wide + padding);
  put(name);
  if (wide > 0) {
    u16(ZIP64_EXTRA);
    u16(16);
    put(new Uint8Array(16));
  }
  if (padding > 0) {
    u16(ALIGNMENT_EXTRA);
    u16(padding - 4);
    u16(BOUNDARY);
  }
  return bytes;
}

/** How long the alignment field is: at least its own six bytes, then up to the boundary. */
function alignmentBytes(start: number, alignAt: number): number {
  const least = 6;
  return least + ((BOUNDARY - ((start + least + alignAt) % BOUNDARY)) % BOUNDARY);
}

/** What follows the bytes of an entry. */
export function descriptor(entry: EntryForm): Uint8Array {
  const wide = isWide(entry);
  const { bytes, u32, u64 } = byteWriter(wide ? 24 : 16);
  u32(DESCRIPTOR);
  u32(entry.crc32);
  for (const size of [entry.compressedSize, entry.size]) wide ? u64(size) : u32(size);
  return bytes;
}

/** The directory and the end records: everything behind the last entry. */
export function directory(entries: readonly EntryForm[], offset: number): Uint8Array {
  const headers = entries.map(centralHeader);
  const size = headers.reduce((sum, header) => sum + header.length, 0);
  const end = endRecords({ count: entries.length, size, offset }, { madeBy: 45, always: false });
  const bytes = new Uint8Array(size + end.length);
  let at = 0;
  for (const part of [...headers, end]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function centralHeader(entry: EntryForm): Uint8Array {
  const name = new TextEncoder().encode(entry.path);
  const wide = [entry.size, entry.compressedSize, entry.offset].filter((value) => value >= MAX32);
  const extra = wide.length > 0 ? 4 + 8 * wide.length : 0;
  const { bytes, u16, u32, u64, put } = byteWriter(CENTRAL_HEADER_BYTES + name.length + extra);
  const short = (value: number) => u32(Math.min(value, MAX32));
  u32(CENTRAL_HEADER);
  u16(45);
  u16(needed(entry));
  u16(FLAGS);
  u16(methodOf(entry));
  u16(0);
  u16(DOS_DATE);
  u32(entry.crc32);
  short(entry.compressedSize);
  short(entry.size);
  u16(name.length);
  u16(extra);
  put(new Uint8Array(10)); // no comment, first disk, no attributes
  short(entry.offset);
  put(name);
  if (extra > 0) {
    u16(ZIP64_EXTRA);
    u16(extra - 4);
    for (const value of wide) u64(value);
  }
  return bytes;
}

/** The form of .torsh files: 64-byte boundaries where asked for, sizes in descriptors, ZIP64 only where needed. */
export const canonicalForm: ZipForm = { localHeader, descriptor, directory };
