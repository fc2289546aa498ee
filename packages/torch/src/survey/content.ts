import { type ByteSource, fromBytes } from '@torsh/bytes';
import { head } from '@torsh/core';
import type { Look, StreamOptions } from './look.ts';
import { lookIntoStream } from './stream.ts';
import { isTar, lookIntoTar } from './tar.ts';
import { lookIntoZip } from './zip.ts';

/** First bytes of what would have to be unpacked first. */
const COMPRESSED: readonly (readonly [name: string, ...magic: number[]])[] = [
  ['gzip', 0x1f, 0x8b],
  ['zlib', 0x78, 0x01],
  ['zlib', 0x78, 0x5e],
  ['zlib', 0x78, 0x9c],
  ['zlib', 0x78, 0xda],
  ['bzip2', 0x42, 0x5a, 0x68],
  ['xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a],
  ['7z', 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  ['zstd', 0x28, 0xb5, 0x2f, 0xfd],
  ['lz4', 0x04, 0x22, 0x4d, 0x18],
];

/** Looks into content of any kind, told by its bytes and never by its name. */
export async function lookInto(
  source: ByteSource,
  path: string,
  depth: number,
  look: Look,
  options: StreamOptions = {},
): Promise<void> {
  const first = (await head(source, 512, look.context)).slice();
  const begins = (...magic: number[]) => magic.every((byte, index) => first[index] === byte);
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0x50, 0x4b, 0x05, 0x06)) {
    await lookIntoZip(source, path, depth, look);
    return;
  }
  if (isTar(first)) {
    await lookIntoTar(source, path, depth, look);
    return;
  }
  const compressed = COMPRESSED.find(([, ...magic]) => begins(...magic));
  if (compressed !== undefined) {
    look.unseen(path, 'compressed', `It is compressed (${compressed[0]}); unpack it first.`);
    return;
  }
  if (isSafetensors(first, source.size)) return;
  const array = begins(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59) ? objectsOf(first) : undefined;
  if (array !== undefined) {
    const bytes = await look.load(source, path);
    if (bytes !== undefined)
      await lookIntoStream(fromBytes(bytes.subarray(array)), path, depth, look, { base: array });
    return;
  }
  await lookIntoStream(source, path, depth, look, options);
  // A ZIP may lie behind anything: its directory is at its end.
  if (await endsLikeZip(source, look)) await lookIntoZip(source, path, depth, look);
}

/** A length, then JSON: no byte of it is a pickle. */
function isSafetensors(first: Uint8Array, size: number): boolean {
  if (first.length < 10 || first[8] !== 0x7b) return false;
  const length = new DataView(first.buffer, first.byteOffset).getUint32(0, true);
  return first.subarray(4, 8).every((byte) => byte === 0) && length + 8 <= size;
}

/** Where the pickle of a `.npy` file begins, if it holds Python objects instead of numbers. */
function objectsOf(first: Uint8Array): number | undefined {
  const wide = first[6]! > 1;
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (first.length < 12) return undefined;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const text = new TextDecoder('latin1').decode(first.subarray(start, end));
  return /'descr':.*O/.test(text) ? end : undefined;
}

async function endsLikeZip(source: ByteSource, look: Look): Promise<boolean> {
  const length = Math.min(source.size, 22 + 2 ** 10);
  const tail = await source.read(source.size - length, length, look.context);
  for (let at = tail.indexOf(0x50); at >= 0; at = tail.indexOf(0x50, at + 1)) {
    if (tail[at + 1] === 0x4b && tail[at + 2] === 0x05 && tail[at + 3] === 0x06 && at + 22 <= length)
      return true;
  }
  return false;
}
