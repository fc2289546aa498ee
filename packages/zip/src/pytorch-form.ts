import { byteWriter } from './byte-writer.ts';
import { endRecords } from './end-records.ts';
import type { EntryForm, ZipForm } from './form.ts';
import {
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

/** PyTorch's padding: the letters FB, a length, and as many Z. */
const PADDING_EXTRA = 0x4246;
const PADDING = 0x5a;
const BOUNDARY = 64;
/** "Made by" in the ZIP64 end: Unix, ZIP 3.0. Everywhere else the versions are 0. */
const MADE_BY = 0x031e;

const methodOf = ({ method }: EntryForm) => (method === 'stored' ? STORED : DEFLATED);
/** ZIP 2.0 where something is deflated, and no version at all where nothing is. */
const neededFor = ({ method }: EntryForm) => (method === 'stored' ? 0 : 20);
/** An empty entry has nothing to describe. */
const flagsOf = ({ size }: EntryForm) => FLAG_UTF8 | (size > 0 ? FLAG_DESCRIPTOR : 0);
const isWide = ({ size, offset }: EntryForm) => size >= MAX32 || offset >= MAX32;

function localHeader(entry: EntryForm): Uint8Array {
  const { path, size, offset } = entry;
  const name = new TextEncoder().encode(path);
  const wide = [...(size >= MAX32 ? [size, 0] : []), ...(offset >= MAX32 ? [offset] : [])];
  const extra = wide.length > 0 ? 4 + 8 * wide.length : 0;
  const fixed = LOCAL_HEADER_BYTES + name.length + extra + 4;
  const padding = (BOUNDARY - ((offset + fixed) % BOUNDARY)) % BOUNDARY;
  const { bytes, u16, u32, u64, put } = byteWriter(fixed + padding);
  u32(LOCAL_HEADER);
  u16(neededFor(entry));
  u16(flagsOf(entry));
  u16(methodOf(entry));
  put(new Uint8Array(16)); // no time, no date; check sum and sizes come later, even where they are wide
  u16(name.length);
  u16(extra + 4 + padding);
  put(name);
  if (extra > 0) {
    u16(ZIP64_EXTRA);
    u16(extra - 4);
    for (const value of wide) u64(value);
  }
  u16(PADDING_EXTRA);
  u16(padding);
  put(new Uint8Array(padding).fill(PADDING));
  return bytes;
}

function descriptor(entry: EntryForm): Uint8Array {
  if (entry.size === 0) return new Uint8Array(0);
  const wide = isWide(entry);
  const { bytes, u32, u64 } = byteWriter(wide ? 24 : 16);
  u32(DESCRIPTOR);
  u32(entry.crc32);
  for (const size of [entry.compressedSize, entry.size]) wide ? u64(size) : u32(size);
  return bytes;
}

function directory(entries: readonly EntryForm[], offset: number): Uint8Array {
  const parts = entries.map(centralHeader);
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  parts.push(endRecords({ count: entries.length, size, offset }, { madeBy: MADE_BY, always: true }));
  const { bytes, put } = byteWriter(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) put(part);
  return bytes;
}

function centralHeader(entry: EntryForm): Uint8Array {
  const { path, size, compressedSize, crc32, offset } = entry;
  const name = new TextEncoder().encode(path);
  const wide = [...(size >= MAX32 ? [size, compressedSize] : []), ...(offset >= MAX32 ? [offset] : [])];
  const extra = wide.length > 0 ? 4 + 8 * wide.length : 0;
  const { bytes, u16, u32, u64, put } = byteWriter(CENTRAL_HEADER_BYTES + name.length + extra);
  const short = (value: number) => u32(Math.min(value, MAX32));
  u32(CENTRAL_HEADER);
  u16(0); // nobody made it
  u16(neededFor(entry));
  u16(flagsOf(entry));
  u16(methodOf(entry));
  u32(0);
  u32(crc32);
  short(size >= MAX32 ? MAX32 : compressedSize);
  short(size);
  u16(name.length);
  u16(extra);
  put(new Uint8Array(10)); // no comment, first disk, no attributes
  short(offset);
  put(name);
  if (extra > 0) {
    u16(ZIP64_EXTRA);
    u16(extra - 4);
    for (const value of wide) u64(value);
  }
  return bytes;
}

/** The form that PyTorch's own writer gives: every entry on a 64-byte boundary, no dates, ZIP64 end always. */
export const pytorchForm: ZipForm = { localHeader, descriptor, directory };
