import { type ByteSource, type ReadOptions, slice } from '@torsh/bytes';
import { CENTRAL_HEADER, DESCRIPTOR, END, END64, LOCAL_HEADER } from './layout.ts';

/** What stands behind the bytes of an entry whose header had to leave it open. */
export interface Descriptor {
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
  /** Where it ends, and what follows begins. */
  readonly end: number;
  /** False where the file ends inside of it. */
  readonly whole: boolean;
}

/** An entry whose descriptor is looked for. */
export interface Described {
  readonly start: number;
  readonly method: 'stored' | 'deflate';
}

/** With sizes of four bytes, and with sizes of eight. */
const SHORT_BYTES = 16;
const LONG_BYTES = 24;
const BLOCK = 2 ** 20;

/**
 * The descriptor behind `length` bytes of an entry; `undefined` where something else is there. A file that ends before
 * or inside of the descriptor has as much of it as it has.
 */
export async function descriptorAt(
  zip: ByteSource,
  { start, method }: Described,
  length: number,
  options: ReadOptions,
): Promise<Descriptor | undefined> {
  const at = start + length;
  const bytes = await zip.read(at, Math.max(0, Math.min(LONG_BYTES + 4, zip.size - at)), options);
  for (const width of [SHORT_BYTES, LONG_BYTES] as const) {
    const found = parse(bytes, width, method, length);
    if (found === undefined) continue;
    // What two stored sizes say twice is enough; of a deflated entry one of them may be anything.
    if (method === 'deflate' && found.whole && !begins(bytes.subarray(width))) continue;
    return { ...found, end: Math.min(at + width, zip.size) };
  }
  return undefined;
}

function parse(
  bytes: Uint8Array,
  width: 16 | 24,
  method: Described['method'],
  length: number,
): Omit<Descriptor, 'end'> | undefined {
  const whole = new Uint8Array(width);
  const view = new DataView(whole.buffer);
  const compressedAt = 8;
  const sizeAt = width === SHORT_BYTES ? 12 : 16;
  // What must be there, in the places where it is known, and then what is there instead.
  view.setUint32(0, DESCRIPTOR, true);
  put(view, compressedAt, width, length);
  put(view, sizeAt, width, length);
  const known = (index: number) =>
    index < 4 || (index >= compressedAt && (index < sizeAt || method === 'stored'));
  for (let index = 0; index < Math.min(width, bytes.length); index++) {
    if (known(index) && whole[index] !== bytes[index]) return undefined;
    whole[index] = bytes[index]!;
  }
  const crc32 = bytes.length >= 8 ? view.getUint32(4, true) : 0;
  const size =
    width === SHORT_BYTES
      ? view.getUint32(sizeAt, true)
      : view.getUint32(sizeAt, true) + view.getUint32(sizeAt + 4, true) * 2 ** 32;
  return { crc32, size, compressedSize: length, whole: bytes.length >= width };
}

function put(view: DataView, at: number, width: 16 | 24, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  if (width === LONG_BYTES) view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

/** True where the bytes begin like a part of a ZIP, or where there are too few to tell. */
export function begins(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return [0x50, 0x4b].every((byte, index) => (bytes[index] ?? byte) === byte);
  const signature = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  return [LOCAL_HEADER, CENTRAL_HEADER, END, END64].includes(signature);
}

/** The first whole descriptor from the start of an entry on that tells its own distance. One pass, in blocks. */
export async function findDescriptor(
  zip: ByteSource,
  entry: Described,
  options: ReadOptions,
): Promise<Descriptor | undefined> {
  for (let base = entry.start; base < zip.size; base += BLOCK) {
    const bytes = (await zip.read(base, Math.min(BLOCK + LONG_BYTES + 4, zip.size - base), options)).slice();
    for (let at = bytes.indexOf(0x50); at >= 0 && at < BLOCK; at = bytes.indexOf(0x50, at + 1)) {
      if (bytes[at + 1] !== 0x4b || bytes[at + 2] !== 0x07 || bytes[at + 3] !== 0x08) continue;
      const length = base + at - entry.start;
      const here = slice(zip, 0, base + bytes.length);
      const found = await descriptorAt(here, entry, length, options);
      if (found?.whole === true) return found;
    }
  }
  return undefined;
}
