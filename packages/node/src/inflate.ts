import zlib from 'node:zlib';
import { TorshError } from '@torsh/bytes';
import { flow, OUTPUT } from './zlib-flow.ts';

/** Raw deflate undone by zlib. */
export function inflate(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = zlib.createInflateRaw({ chunkSize: OUTPUT });
  return flow(stream, compressed, {
    // zlib stops at the end of the deflate stream and says nothing of what follows; two readers could disagree on it.
    ended(fed) {
      if (stream.bytesWritten < fed) {
        throw malformed(`${fed - stream.bytesWritten} bytes follow the end of the compressed data.`);
      }
    },
    failed: (cause) =>
      malformed('The compressed data is damaged: it is not valid deflate, or it ends too early.', cause),
  });
}

function malformed(message: string, cause?: unknown): TorshError {
  return new TorshError('malformed', message, { cause });
}
