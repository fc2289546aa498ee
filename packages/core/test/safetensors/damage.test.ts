import { defaultLimits, fromBytes, isTorshError } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/safetensors/index.ts';
import { fixture } from './fixtures.ts';

const read = (bytes: Uint8Array, tolerant: boolean) =>
  readSafetensors(fromBytes(bytes), { limits: defaultLimits, tolerant }).catch((error: unknown) => error);

const names = [
  'golden/all-dtypes.safetensors',
  'golden/escaped-names.safetensors',
  'golden/metadata-escaped.safetensors',
];

describe.each(names)('damage to %s', (name) => {
  const whole = fixture(name);

  it('cut off anywhere it is truncated', async () => {
    for (let length = 0; length < whole.length; length++) {
      expect(await read(whole.subarray(0, length), false)).toMatchObject({
        code: 'truncated',
        offset: length,
      });
    }
  });

  it.each([0x01, 0x20, 0x80, 0xff])('with any byte changed by 0x%i it is read or refused', async (mask) => {
    for (let at = 0; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at] = bytes[at]! ^ mask;
      const strict = await read(bytes, false);
      const tolerant = await read(bytes, true);
      if (strict instanceof Error) expect(isTorshError(strict), String(strict.stack)).toBe(true);
      if (tolerant instanceof Error) expect(isTorshError(tolerant) && strict instanceof Error).toBe(true);
    }
  });
});
