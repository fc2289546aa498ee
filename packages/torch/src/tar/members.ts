import { type ByteSource, cursor, decodeUtf8, paged, slice, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';

/** Headers and the ends of members lie on multiples of this. */
export const BLOCK = 512;

/** A file in a tar. */
export interface Member {
  readonly data: ByteSource;
  /** Where its header begins. */
  readonly offset: number;
}

const FILES = new Set(['0', '\0', '7']);
const FOLDER = '5';
const EXTENDED = 'x';
const EXTENDED_FOR_ALL = 'g';
/** A name and a size take less; what is longer is no header of these files. */
const EXTENDED_BYTES = 64 * 1024;

/**
 * The files of an uncompressed tar (ustar, with or without PAX headers) by name. Strict: each header is proved by its
 * sum, a name that comes twice is refused, and so is whatever is neither a file nor a folder.
 */
export async function membersOf(source: ByteSource, context: Context): Promise<Map<string, Member>> {
  const { limits } = context;
  const headers = paged(source, BLOCK * 8, 2);
  const members = new Map<string, Member>();
  let extended: ReadonlyMap<string, string> = new Map();
  let count = 0;
  for (let at = 0; ; ) {
    if (at >= source.size) throw cut('the header of another file or the end', at, source.size);
    if (at + BLOCK > source.size) throw cut('a whole header', at, source.size);
    const header = parseHeader(await headers.read(at, BLOCK, context), at);
    // Pages are read for all who ask, so an abort does not reach them.
    context.signal.throwIfAborted();
    if (header === undefined) return members;
    if (++count > limits.entries) {
      throw new TorshError('limit', `The tar has more than ${limits.entries} members (limit entries).`, {
        offset: at,
      });
    }
    const size = FILES.has(header.kind) ? sizeFrom(extended, header.size, at) : header.size;
    const start = at + BLOCK;
    if (size > source.size - start) throw cut(`${size} bytes of ${header.name}`, start, source.size);
    if (header.kind === EXTENDED) {
      if (size > EXTENDED_BYTES) throw malformed('A header of the tar is longer than any.', at);
      extended = parseRecords(await source.read(start, size, context), start);
    } else if (FILES.has(header.kind)) {
      const name = (extended.get('path') ?? header.name).replace(/^(\.\/)+/, '');
      if (members.has(name)) {
        const message = `The tar has two files ${JSON.stringify(name)}; readers take one or the other.`;
        throw new TorshError('unsafe', message, { offset: at });
      }
      members.set(name, { data: slice(source, start, size), offset: at });
      extended = new Map();
    } else if (header.kind !== FOLDER && header.kind !== EXTENDED_FOR_ALL) {
      throw malformed(`The tar has a member of the kind ${JSON.stringify(header.kind)}, and not a file.`, at);
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** What a header says. */
export interface Header {
  readonly name: string;
  readonly size: number;
  readonly kind: string;
}

/** One header; `undefined` for the empty block that ends a tar. `at` is where it lies, for errors. */
export function parseHeader(block: Uint8Array, at: number): Header | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (textOf(block, 257, 5) !== 'ustar') throw malformed('The header of a file in the tar is not one.', at);
  const sum = octal(block, 148, 8);
  let found = 0;
  for (let index = 0; index < BLOCK; index++) found += index >= 148 && index < 156 ? 0x20 : block[index]!;
  if (sum !== found) throw malformed(`The header has the sum ${found}, but says ${sum}. It is damaged.`, at);
  const size = numberOf(block, 124, 12);
  if (size === undefined) throw malformed('The size of a file in the tar is no number.', at);
  const [prefix, name] = [textOf(block, 345, 155), textOf(block, 0, 100)];
  const kind = String.fromCharCode(block[156]!);
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, kind };
}

/** Octal digits; or, for sizes that need more, a number whose first byte has its highest bit set. */
function numberOf(block: Uint8Array, at: number, length: number): number | undefined {
  if (block[at] !== 0x80) return octal(block, at, length);
  let value = 0;
  for (let index = at + 1; index < at + length; index++) value = value * 256 + block[index]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

function octal(block: Uint8Array, at: number, length: number): number | undefined {
  const text = textOf(block, at, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function textOf(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return String.fromCharCode(...(end < 0 ? field : field.subarray(0, end)));
}

/** `<length> <key>=<value>\n`, one behind the other. */
function parseRecords(bytes: Uint8Array, at: number): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  const from = cursor(bytes, at);
  while (from.remaining > 0) {
    const start = from.position - at;
    const length = /^([1-9][0-9]{0,8}) /.exec(String.fromCharCode(...bytes.subarray(start, start + 10)))?.[1];
    const end = start + Number(length ?? 0);
    const record = decodeUtf8(bytes.subarray(start + (length?.length ?? 0) + 1, end - 1));
    const equals = record?.indexOf('=') ?? -1;
    if (end > bytes.length || end <= start || bytes[end - 1] !== 0x0a || record === undefined || equals < 1)
      throw malformed('An extended header of the tar cannot be read.', at + start);
    records.set(record.slice(0, equals), record.slice(equals + 1));
    from.skip(end - start);
  }
  return records;
}

function sizeFrom(extended: ReadonlyMap<string, string>, size: number, at: number): number {
  const said = extended.get('size');
  if (said === undefined) return size;
  if (/^\d{1,15}$/.test(said)) return Number(said);
  throw malformed('The size of a file in the tar is no number.', at);
}

function malformed(message: string, offset: number): TorshError {
  return new TorshError('malformed', message, { offset });
}

function cut(what: string, at: number, size: number): TorshError {
  const message = `The tar ends at byte ${size}, where ${what} should be. It is not complete.`;
  return new TorshError('truncated', message, { offset: at });
}
