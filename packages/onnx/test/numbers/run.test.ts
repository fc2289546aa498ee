import { fromBytes } from '@torsh/bytes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NumberForm } from '../../src/numbers/form.ts';
import { decodedRun, encodedRun, measureRun, scanRun } from '../../src/numbers/run.ts';
import { bytesFrom } from '../wire.ts';

const forms: NumberForm[] = [1, 2, 4, 8].flatMap((unit) =>
  [true, false].flatMap((signed) =>
    [undefined, 0x28].map((tag) => ({ unit: unit as NumberForm['unit'], signed, varint: true, tag })),
  ),
);
forms.push(
  { unit: 4, signed: false, varint: false, tag: 0x25 },
  { unit: 8, signed: false, varint: false, tag: 0x51 },
);

it.each(forms)('gives back any numbers: %o', async (form) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.nat(63), async (bytes, at) => {
      const dense = bytes.subarray(0, bytes.length - (bytes.length % form.unit));
      const run = await measureRun(fromBytes(dense), form, {});
      const encoded = encodedRun(fromBytes(dense), run);
      const whole = (await encoded.read(0, encoded.size)).slice();
      const scanned = await scanRun(fromBytes(whole), form, {});
      expect(scanned).toEqual(run);
      const back = decodedRun(fromBytes(whole), scanned!);
      expect(await back.read(0, back.size)).toEqual(dense);
      const from = Math.min(at, dense.length);
      expect(await back.read(from, dense.length - from)).toEqual(dense.subarray(from));
    }),
    { numRuns: 15 },
  );
});

it('finds its way in long runs, forward and back', async () => {
  const form: NumberForm = { unit: 8, signed: true, varint: true, tag: undefined };
  const values = BigInt64Array.from(
    { length: 50_000 },
    (_, index) => BigInt(index) ** 3n * (index % 2 === 0 ? 1n : -1n),
  );
  const dense = new Uint8Array(values.buffer);
  const run = await measureRun(fromBytes(dense), form, {});
  const encoded = encodedRun(fromBytes(dense), run);
  const whole = (await encoded.read(0, encoded.size)).slice();
  expect(await scanRun(fromBytes(whole), form, {})).toEqual(run);
  const back = decodedRun(fromBytes(whole), run);
  for (const [at, length] of [
    [399_000, 1000],
    [0, 7],
    [65_530, 20],
    [199_999, 70_000],
    [3, 1],
  ] as const) {
    expect(await back.read(at, length)).toEqual(dense.subarray(at, at + length));
  }
  for (const [at, length] of [
    [whole.length - 5, 5],
    [0, 100],
    [80_000, 90_000],
  ] as const) {
    expect(await encoded.read(at, length)).toEqual(whole.subarray(at, at + length));
  }
});

const int32: NumberForm = { unit: 4, signed: true, varint: true, tag: undefined };
const bytes: NumberForm = { unit: 1, signed: false, varint: true, tag: undefined };
const int8: NumberForm = { unit: 1, signed: true, varint: true, tag: undefined };

it.each([
  ['a number in a longer form', int32, '81 00'],
  ['a negative number of five bytes', int32, 'ff ff ff ff 0f'],
  ['a number beyond 32 bits', int32, '80 80 80 80 10'],
  ['a number of eleven bytes', int32, 'ff ff ff ff ff ff ff ff ff ff 01'],
  ['a tenth byte of more than one bit', int32, 'ff ff ff ff ff ff ff ff ff 03'],
  ['a number that is cut', int32, '01 80'],
  ['256 in a byte', bytes, '80 02'],
  ['-1 in an unsigned byte', bytes, 'ff ff ff ff ff ff ff ff ff 01'],
  ['128 in a signed byte', int8, '80 01'],
  ['-129 in a signed byte', int8, 'ff fe ff ff ff ff ff ff ff 01'],
  ['another tag', { ...int32, tag: 0x28 }, '30 01'],
  [
    'a float that is cut',
    { unit: 4, signed: false, varint: false, tag: 0x25 } satisfies NumberForm,
    '25 00 00',
  ],
] as const)('does not take %s', async (_, form, hex) => {
  expect(await scanRun(fromBytes(bytesFrom(hex)), form, {})).toBeUndefined();
});
