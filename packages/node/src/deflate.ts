import zlib from 'node:zlib';
import { flow, OUTPUT } from './zlib-flow.ts';

/** Raw deflate made by zlib, at its usual level. */
export function deflate(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return flow(zlib.createDeflateRaw({ chunkSize: OUTPUT }), content);
}
