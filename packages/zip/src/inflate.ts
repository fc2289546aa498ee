import { type ByteSource, blocks, fromStream, locateError, TorshError } from '@torsh/bytes';
import type { ZipEntry } from './directory.ts';
import type { EntryOptions } from './entry.ts';

/** The inflated bytes of a deflated entry. Reading forward is one pass; reading backward starts again. */
export function inflated(raw: ByteSource, entry: ZipEntry, { limits, platform }: EntryOptions): ByteSource {
  const { path, offset: at, size, compressedSize } = entry;
  if (size > limits.inflatedBytes || size > Math.max(compressedSize, 1) * limits.inflateRatio + 1024) {
    throw new TorshError(
      'limit',
      `The ZIP entry ${JSON.stringify(path)} has ${compressedSize} bytes and claims to become ${size}: it may be a compression bomb (limits inflateRatio and inflatedBytes).`,
      { path, offset: at },
    );
  }
  const place = { path, offset: at };
  const begin = async function* (signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* platform.inflate(blocks(raw, signal));
    } catch (error) {
      throw locateError(error, place);
    }
  };
  return fromStream(size, begin, (found) => {
    const given = found > size ? 'gives more' : `gives ${found}`;
    return new TorshError(
      'malformed',
      `The ZIP entry ${JSON.stringify(path)} should inflate to ${size} bytes, but ${given}.`,
      place,
    );
  });
}
