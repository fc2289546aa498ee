import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combineCrc32, crc32 } from '../src/index.ts';
import { numbered } from './support.ts';

it('has the check value of CRC-32', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

it('agrees with zlib at every length and every beginning', () => {
  const bytes = numbered(340);
  for (let length = 0; length <= 300; length++) {
    const part = bytes.subarray(length % 40, (length % 40) + length);
    expect(crc32(part)).toBe(zlibCrc32(part));
  }
});

it('goes on from what came before', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (first, second) => {
      const whole = zlibCrc32(second, zlibCrc32(first));
      expect(crc32(second, crc32(first))).toBe(whole);
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(whole);
    }),
  );
});

it('combines over lengths beyond 32 bits', () => {
  // Zeros double: the sum of 2n zeros is that of n zeros, combined with itself.
  let [sum, length] = [crc32(new Uint8Array(1)), 1];
  for (; length < 2 ** 34; length *= 2) sum = combineCrc32(sum, sum, length);
  // 2^34 zeros, added up from blocks of 2^20 in another order.
  let blocks = crc32(new Uint8Array(2 ** 20));
  for (let size = 2 ** 20; size < 2 ** 33; size *= 2) blocks = combineCrc32(blocks, blocks, size);
  expect(combineCrc32(blocks, blocks, 2 ** 33)).toBe(sum);
  expect(combineCrc32(sum, 0, 0)).toBe(sum);
});
