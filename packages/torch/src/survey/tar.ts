import { type ByteSource, paged, slice } from '@torsh/bytes';
import type { Look } from './look.ts';
import { lookIntoMixed } from './torch-tar.ts';

const BLOCK = 512;
const MAGIC_AT = 257;

/** True for a tar, by the first of its headers. */
export function isTar(bytes: Uint8Array): boolean {
  return textAt(bytes, MAGIC_AT, 5) === 'ustar';
}

/** Looks into every file of a tar, in its order. */
export async function lookIntoTar(
  source: ByteSource,
  path: string,
  depth: number,
  look: Look,
): Promise<void> {
  const headers = paged(source);
  let members = 0;
  for (let at = 0; at + BLOCK <= source.size; ) {
    const header = await headers.read(at, BLOCK, look.context);
    if (!isTar(header)) {
      if (header.some((byte) => byte !== 0))
        look.note(path, 'trailing-bytes', 'Something that is no tar header follows the members.', at);
      return;
    }
    const name = [textAt(header, 345, 155), textAt(header, 0, 100)].filter((part) => part !== '').join('/');
    const size = sizeOf(header);
    const kind = header[156]!;
    const start = at + BLOCK;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (size > source.size - start) {
      look.note(path, 'truncated', `The tar ends inside of ${name}.`, source.size);
      return;
    }
    if (++members > look.context.limits.entries) {
      look.unseen(path, 'too-large', 'The tar has more members than the limit entries allows.');
      return;
    }
    // Files are `0`, or nothing in the oldest tars; headers of other kinds are about names and times.
    if (kind !== 0x30 && kind !== 0) continue;
    const inner = path === '' ? name : `${path}!/${name}`;
    if (/\.py$/i.test(name)) look.program(inner);
    const content = slice(source, start, size);
    const done =
      name === 'storages' || name === 'tensors'
        ? await lookIntoMixed(content, name, inner, depth + 1, look)
        : 0;
    if (done < size || size === 0)
      await look.into(slice(content, done, size - done), inner, depth + 1, { base: done });
  }
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits; or, for large files, a number whose first byte has its highest bit set. */
function sizeOf(header: Uint8Array): number {
  const field = header.subarray(124, 136);
  if ((field[0]! & 0x80) === 0) return Number.parseInt(textAt(header, 124, 12).trim(), 8) || 0;
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
}
