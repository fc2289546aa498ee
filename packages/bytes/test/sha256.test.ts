import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from '../src/index.ts';
import { numbered } from './support.ts';

const native = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('agrees with node:crypto at every length from 0 to 300', () => {
  const bytes = numbered(300);
  for (let length = 0; length <= 300; length++) {
    const hasher = sha256();
    hasher.update(bytes.subarray(0, length));
    expect(hasher.digest()).toBe(native(bytes.subarray(0, length)));
  }
});

it('does not care how the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 12 }), (chunks) => {
      const hasher = sha256();
      for (const chunk of chunks) hasher.update(chunk);
      expect(hasher.digest()).toBe(native(Buffer.concat(chunks)));
    }),
  );
});
