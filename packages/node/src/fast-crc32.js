// Plain JavaScript, because worker threads load it (see transfer-loop.js).
import { createRequire } from 'node:module';
import zlib from 'node:zlib';

/**
 * CRC-32 of more bytes behind those that gave `previous`. The optional package @node-rs/crc32 is three times as fast as
 * zlib; where there is no build of it for this machine, zlib serves. Asked for only when there is much to sum, because
 * loading it costs as much as summing ten megabytes.
 * @type {typeof import('./fast-crc32.js').fastCrc32}
 */
export const fastCrc32 = (bytes, previous) => {
  const crc32 = chosen ?? load();
  chosen = crc32;
  return crc32(bytes, previous);
};

/** @type {typeof import('./fast-crc32.js').fastCrc32 | undefined} */
let chosen;

/** @returns {typeof import('./fast-crc32.js').fastCrc32} */
function load() {
  try {
    return createRequire(import.meta.url)('@node-rs/crc32').crc32;
  } catch {
    return zlib.crc32;
  }
}
