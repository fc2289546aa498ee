import { once } from 'node:events';
import type { Transform } from 'node:stream';
import type zlib from 'node:zlib';

/** How many bytes zlib gives at a time. */
export const OUTPUT: number = 64 * 1024;

/** A stream of zlib. */
type ZlibStream = Transform & zlib.Zlib;

/**
 * What zlib makes of bytes, a block at a time: one input block and one output block are held, whatever the ratio. Zlib
 * works in threads of its own, so several flows run side by side.
 */
export async function* flow(
  stream: ZlibStream,
  input: AsyncIterable<Uint8Array>,
  hooks: {
    /** Told of all bytes that were put in, once everything has come out. */
    ended?(fed: number): void;
    /** The error to throw for one of zlib's. */
    failed?(cause: unknown): unknown;
  } = {},
): AsyncGenerator<Uint8Array> {
  let fed = 0;
  let broken: { readonly error: unknown } | undefined;

  const feed = async (): Promise<void> => {
    for await (const bytes of input) {
      if (stream.destroyed) return;
      fed += bytes.length;
      // The block belongs to whoever lent it and is only valid until the next: wait until zlib has taken it in.
      await new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
    }
    stream.end();
  };
  const feeding = feed().catch((error: unknown) => {
    broken = { error };
    stream.destroy();
  });
  try {
    for await (const bytes of stream) yield bytes as Uint8Array;
    await feeding;
  } catch (error) {
    throw broken === undefined ? (hooks.failed?.(error) ?? error) : broken.error;
  } finally {
    if (!stream.destroyed) {
      stream.destroy();
      await once(stream, 'close');
    }
  }
  if (broken !== undefined) throw broken.error;
  hooks.ended?.(fed);
}
