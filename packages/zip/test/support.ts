import {
  type ByteSource,
  checkRead,
  defaultLimits,
  fromBytes,
  webPlatform as platform,
  toBytes,
} from '@torsh/bytes';
import { openZip, type Strictness, type ZipTree, zipSink } from '../src/index.ts';

export { platform };

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A ZIP that `zipSink` makes of these files. */
export async function zipOf(
  files: readonly (readonly [path: string, content: Uint8Array | ByteSource, alignAt?: number])[],
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = toBytes();
  const zip = zipSink(sink, { platform });
  for (const [path, content, alignAt] of files) {
    const file = await zip.create(path, {
      size: content instanceof Uint8Array ? content.length : content.size,
      alignAt,
    });
    if (content instanceof Uint8Array) await file.write(content);
    else await file.transfer!([content], { platform });
    await file.close();
  }
  await zip.close();
  return sink.bytes();
}

export async function open(
  zip: Uint8Array | ByteSource,
  strictness: Strictness = 'strict',
  limits = {},
): Promise<ZipTree> {
  const source = zip instanceof Uint8Array ? fromBytes(zip) : zip;
  return openZip(source, { platform, strictness, limits: { ...defaultLimits, ...limits } });
}

/** All of an entry. */
export async function contentOf(zip: ZipTree, path: string): Promise<Uint8Array> {
  const source = (await zip.open(path))!;
  return (await source.read(0, source.size)).slice();
}

/** A source of zeros that takes no memory, with some stretches laid over them. */
export function sparse(size: number, islands: ReadonlyMap<number, Uint8Array> = new Map()): ByteSource {
  return {
    size,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      const result = new Uint8Array(length);
      for (const [start, bytes] of islands) {
        const [from, to] = [Math.max(start, offset), Math.min(start + bytes.length, offset + length)];
        if (from < to) result.set(bytes.subarray(from - start, to - start), from - offset);
      }
      return result;
    },
  };
}
