import fs from 'node:fs';
import { ioError } from './io-error.ts';

/** Writes bytes at positions of a file; small ones that follow each other are written together. */
export interface PositionedWriter {
  put(bytes: Uint8Array, position: number): void;
  flush(): void;
}

const HELD = 256 * 1024;

/** Bytes of this length are not worth copying first. */
const LARGE = 64 * 1024;

export function positionedWriter(fd: number, path: string): PositionedWriter {
  let held: Buffer | undefined;
  let start = 0;
  let length = 0;

  const write = (bytes: Uint8Array, length: number, position: number): void => {
    try {
      for (let done = 0; done < length; ) {
        done += fs.writeSync(fd, bytes, done, length - done, position + done);
      }
    } catch (error) {
      throw ioError(error, 'written', path);
    }
  };
  const flush = (): void => {
    if (length > 0) write(held!, length, start);
    length = 0;
  };
  return {
    put(bytes, position) {
      if (position !== start + length || length + bytes.length > HELD) flush();
      if (bytes.length >= LARGE) {
        flush();
        write(bytes, bytes.length, position);
        return;
      }
      if (length === 0) start = position;
      held ??= Buffer.allocUnsafeSlow(HELD);
      held.set(bytes, length);
      length += bytes.length;
    },
    flush,
  };
}
