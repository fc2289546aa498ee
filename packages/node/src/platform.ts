import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { type Hasher, type Platform, crc32 as portableCrc32 } from '@torsh/bytes';
import { deflate } from './deflate.ts';
import { deflateBlock, inflateBlock } from './deflate-block.ts';
import { inflate } from './inflate.ts';

function sha256(): Hasher {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}

/** What Node lends: native hashing and zlib. It has no clock, so results do not depend on one unless a caller adds it. */
export const nodePlatform: Platform = {
  sha256,
  crc32: zlib.crc32 ?? portableCrc32,
  inflate,
  deflate,
  deflateBlock,
  inflateBlock,
};
