import { crc32 } from './crc32.ts';
import { TorshError } from './errors.ts';
import type { Platform } from './platform.ts';
import { sha256 } from './sha256.ts';

/** The platform of a browser, and of any runtime that has the web's streams. Slow at hashing; Node has its own. */
export const webPlatform: Platform = { sha256, crc32, inflate, deflate };

function inflate(compressed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return through(new DecompressionStream('deflate-raw'), compressed);
}

function deflate(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return through(new CompressionStream('deflate-raw'), content);
}

/** What a stream makes of bytes. Only one that undoes deflate finds fault with them. */
async function* through(
  stream: DecompressionStream | CompressionStream,
  input: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  let lost: { readonly error: unknown } | undefined;
  const feed = async (): Promise<void> => {
    try {
      for await (const bytes of input) {
        // Data that is not deflate makes this reject; the reader below sees the same failure.
        const taken = await writer.write(bytes as Uint8Array<ArrayBuffer>).then(
          () => true,
          () => false,
        );
        if (!taken) return;
      }
    } catch (error) {
      // The bytes could not be had: that is not their fault, and the reader must not wait for more.
      lost = { error };
      await reader.cancel().catch(() => undefined);
      await writer.abort(error).catch(() => undefined);
      return;
    }
    await writer.close().catch(() => undefined);
  };
  const feeding = feed();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    if (lost === undefined) await feeding;
  } catch (cause) {
    if (lost === undefined) {
      throw new TorshError('malformed', 'The compressed data is damaged: it is not valid deflate.', {
        cause,
      });
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
  }
  if (lost !== undefined) throw lost.error;
}
