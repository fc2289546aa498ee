import { once } from 'node:events';
import zlib from 'node:zlib';
import { TorshError } from '@torsh/bytes';

const OUTPUT = 64 * 1024;

/** Raw deflate undone by zlib, a block at a time: one input block and one output block are held, whatever the ratio. */
export async function* inflate(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = zlib.createInflateRaw({ chunkSize: OUTPUT });
  let fed = 0;
  let broken: { readonly error: unknown } | undefined;

  const feed = async (): Promise<void> => {
    for await (const bytes of compressed) {
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
    // zlib stops at the end of the deflate stream and says nothing of what follows; two readers could disagree on it.
    await feeding;
    if (broken === undefined && stream.bytesWritten < fed) {
      throw malformed(`${fed - stream.bytesWritten} bytes follow the end of the compressed data.`);
    }
  } catch (error) {
    if (broken !== undefined || error instanceof TorshError) throw broken?.error ?? error;
    throw malformed('The compressed data is damaged: it is not valid deflate, or it ends too early.', error);
  } finally {
    if (!stream.destroyed) {
      stream.destroy();
      await once(stream, 'close');
    }
  }
  if (broken !== undefined) throw broken.error;
}

function malformed(message: string, cause?: unknown): TorshError {
  return new TorshError('malformed', message, { cause });
}
