import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { type DeflateMethod, TorshError } from '@torsh/bytes';

const deflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);

const options: Readonly<Record<DeflateMethod, zlib.ZlibOptions>> = {
  matches: { level: 6 },
  runs: { level: 6, strategy: zlib.constants.Z_RLE },
  symbols: { level: 6, strategy: zlib.constants.Z_HUFFMAN_ONLY },
};

/** Raw deflate in the thread pool, at one go: every return to this thread costs more than 64 KiB of work. */
export async function deflateBlock(bytes: Uint8Array, method: DeflateMethod): Promise<Uint8Array> {
  return deflateRaw(bytes, { ...options[method], chunkSize: Math.max(64, bytes.length + 1024) });
}

/** Undoes raw deflate in the thread pool; never makes more bytes than there should be. */
export function inflateBlock(compressed: Uint8Array, length: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // One byte more than wanted tells a bomb from a block. zlib takes no chunk below 64 bytes.
    const chunkSize = Math.max(64, length + 1);
    zlib.inflateRaw(compressed, { chunkSize, maxOutputLength: chunkSize, info: true }, (error, result) => {
      if (error !== null) return reject(malformed('is not valid deflate, or makes too many bytes', error));
      // With `info`, which the types do not know, the engine says how far it has read.
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: zlib.InflateRaw };
      if (buffer.length !== length)
        return reject(malformed(`gives ${buffer.length} bytes instead of ${length}`));
      if (engine.bytesWritten !== compressed.length) return reject(malformed('is followed by other bytes'));
      resolve(buffer);
    });
  });
}

function malformed(what: string, cause?: unknown): TorshError {
  return new TorshError('malformed', `The compressed data ${what}.`, { cause });
}
