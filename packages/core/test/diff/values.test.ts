import { fromBytes } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { archive, type DType, diff, model, type Tensor } from '../../src/index.ts';
import { platform } from '../support.ts';

const of = (
  name: string,
  dtype: DType,
  bytes: readonly number[] | ArrayBufferView,
  count: number,
): Tensor => {
  const data = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Uint8Array.from(bytes);
  return { name, dtype, shape: [count], data: fromBytes(data) };
};

async function valuesOf(before: Tensor, after: Tensor, options: { atol?: number; rtol?: number } = {}) {
  const [a, b] = [before, after].map((tensor) => archive('test', { models: [model([tensor])] }));
  const found = await diff(a!, b!, { platform, ...options });
  return { ...found, values: found.tensors.different[0]?.values };
}

it('compares numbers', async () => {
  const { values } = await valuesOf(
    of('w', 'F32', Float32Array.of(1, 2, 3, 4), 4),
    of('w', 'F32', Float32Array.of(1, 2.5, 3, 2), 4),
  );
  expect(values).toMatchObject({ values: 4, changed: 2, maxAbs: 2, meanAbs: 2.5 / 4, nan: [0, 0] });
  expect(values!.cosine).toBeCloseTo((1 + 5 + 9 + 8) / Math.sqrt(30 * (1 + 6.25 + 9 + 4)), 14);
});

// One code of each type and what it means, then another; from the documents that define the types.
it.each<[type: DType, before: number[], was: number, after: number[], is: number]>([
  ['BOOL', [0], 0, [1], 1],
  ['U8', [250], 250, [3], 3],
  ['I8', [250], -6, [3], 3],
  ['U16', [0, 0x80], 32768, [1, 0], 1],
  ['I16', [0, 0x80], -32768, [1, 0], 1],
  ['U32', [0, 0, 0, 0x80], 2 ** 31, [1, 0, 0, 0], 1],
  ['I32', [0, 0, 0, 0x80], -(2 ** 31), [1, 0, 0, 0], 1],
  ['QI8', [250], -6, [3], 3],
  ['F16', [0x00, 0x3c], 1, [0x01, 0x00], 2 ** -24],
  ['F16', [0xff, 0x7b], 65504, [0x00, 0xc0], -2],
  ['BF16', [0x80, 0x3f], 1, [0x80, 0xc0], -4],
  ['BF16', [0x7f, 0x7f], 1.9921875 * 2 ** 127, [0x01, 0x00], 2 ** -133],
  ['F8_E5M2', [0x3c], 1, [0x7b], 57344],
  ['F8_E4M3', [0x38], 1, [0x7e], 448],
  ['F8_E4M3', [0x01], 2 ** -9, [0x88], -(2 ** -6)],
  ['F8_E5M2FNUZ', [0x40], 1, [0x7f], 57344],
  ['F8_E4M3FNUZ', [0x40], 1, [0x7f], 240],
  ['F8_E8M0', [127], 1, [130], 8],
  ['F64', [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], 1, [0, 0, 0, 0, 0, 0, 0, 0xc0], -2],
])('knows %s', async (type, before, was, after, is) => {
  const { values } = await valuesOf(of('w', type, before, 1), of('w', type, after, 1));
  expect(values).toMatchObject({ values: 1, changed: 1, maxAbs: Math.abs(was - is) });
  expect(values!.cosine).toBe(was === 0 || is === 0 ? null : Math.sign(was * is));
});

it('compares whole numbers of 64 bits exactly', async () => {
  const { values } = await valuesOf(
    of('n', 'I64', BigInt64Array.of(2n ** 62n, -5n, 7n), 3),
    of('n', 'I64', BigInt64Array.of(2n ** 62n + 3n, 5n, 7n), 3),
  );
  expect(values).toMatchObject({ values: 3, changed: 2, maxAbs: 10, meanAbs: 13 / 3 });
  const unsigned = await valuesOf(
    of('n', 'U64', BigUint64Array.of(2n ** 64n - 1n), 1),
    of('n', 'U64', BigUint64Array.of(0n), 1),
  );
  expect(unsigned.values).toMatchObject({ changed: 1, maxAbs: 2 ** 64, cosine: null });
});

it('takes two NaN for the same, and one for a change', async () => {
  const nan = Number.NaN;
  const { values } = await valuesOf(
    of('w', 'F32', Float32Array.of(nan, nan, 1, 5), 4),
    of('w', 'F32', Float32Array.of(nan, 1, nan, 6), 4),
  );
  expect(values).toMatchObject({ changed: 3, beyond: 3, maxAbs: 1, meanAbs: 1, nan: [2, 2] });
  // The same numbers in other bytes: 0 and -0, and a NaN of another kind.
  const zeros = await valuesOf(
    of('w', 'F32', Uint32Array.of(0, 0x7fc00000), 2),
    of('w', 'F32', Uint32Array.of(0x80000000, 0x7fc00001), 2),
  );
  expect(zeros.values).toMatchObject({ changed: 0, maxAbs: 0, nan: [1, 1] });
});

it('keeps what is infinite out of no sum', async () => {
  const far = Number.POSITIVE_INFINITY;
  const { values } = await valuesOf(
    of('w', 'F32', Float32Array.of(far, 1), 2),
    of('w', 'F32', Float32Array.of(far, far), 2),
  );
  expect(values).toMatchObject({ changed: 1, maxAbs: far, cosine: null });
});

it('has tolerances', async () => {
  const before = of('w', 'F64', Float64Array.of(100, 1), 2);
  const after = of('w', 'F64', Float64Array.of(101, 1.005), 2);
  expect((await valuesOf(before, after, { rtol: 0.01 })).tensors).toMatchObject({ close: 1, different: [] });
  expect((await valuesOf(before, after, { rtol: 0.01 })).same).toBe(true);
  expect((await valuesOf(before, after, { atol: 0.5 })).values).toMatchObject({ changed: 2, beyond: 1 });
  await expect(valuesOf(before, after, { atol: -1 })).rejects.toThrow(TypeError);
  await expect(valuesOf(before, after, { rtol: Number.NaN })).rejects.toThrow(TypeError);
});

it('compares numbers of two types, and no numbers where there are none', async () => {
  const retyped = await valuesOf(
    of('w', 'F32', Float32Array.of(1.001, -2), 2),
    of('w', 'BF16', [0x80, 0x3f, 0x00, 0xc0], 2),
  );
  expect(retyped.values!.maxAbs).toBeCloseTo(0.001, 6);
  expect(retyped.values!.changed).toBe(1);
  const packed = await valuesOf(of('w', 'QU4X2', [0x21], 2), of('w', 'QU4X2', [0x22], 2));
  expect(packed).toMatchObject({ same: false, values: undefined });
  expect(packed.tensors.different).toHaveLength(1);
});

it('reads long tensors block by block', async () => {
  const before = new Float32Array(300_000).fill(1);
  const after = before.slice();
  after[0] = 2;
  after[299_999] = -1;
  const { values } = await valuesOf(of('w', 'F32', before, 300_000), of('w', 'F32', after, 300_000));
  expect(values).toMatchObject({ values: 300_000, changed: 2, maxAbs: 2, meanAbs: 3 / 300_000 });
});
