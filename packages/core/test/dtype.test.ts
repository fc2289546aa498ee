import { describe, expect, it } from 'vitest';
import {
  bitsOf,
  bytesOf,
  type DType,
  elementsOf,
  isDType,
  isPhysical,
  PHYSICAL,
  storedAs,
} from '../src/index.ts';

/** Every type: bits of an element, and what a 2 × 3 tensor of it is in a safetensors file. */
const table: readonly (readonly [dtype: DType, bits: number, as: string, shape: readonly number[]])[] = [
  ['BOOL', 8, 'BOOL', [2, 3]],
  ['F4', 4, 'F4', [2, 3]],
  ['F6_E2M3', 6, 'F6_E2M3', [2, 3]],
  ['F6_E3M2', 6, 'F6_E3M2', [2, 3]],
  ['U8', 8, 'U8', [2, 3]],
  ['I8', 8, 'I8', [2, 3]],
  ['F8_E5M2', 8, 'F8_E5M2', [2, 3]],
  ['F8_E4M3', 8, 'F8_E4M3', [2, 3]],
  ['F8_E8M0', 8, 'F8_E8M0', [2, 3]],
  ['F8_E4M3FNUZ', 8, 'F8_E4M3FNUZ', [2, 3]],
  ['F8_E5M2FNUZ', 8, 'F8_E5M2FNUZ', [2, 3]],
  ['I16', 16, 'I16', [2, 3]],
  ['U16', 16, 'U16', [2, 3]],
  ['F16', 16, 'F16', [2, 3]],
  ['BF16', 16, 'BF16', [2, 3]],
  ['I32', 32, 'I32', [2, 3]],
  ['U32', 32, 'U32', [2, 3]],
  ['F32', 32, 'F32', [2, 3]],
  ['C64', 64, 'C64', [2, 3]],
  ['F64', 64, 'F64', [2, 3]],
  ['I64', 64, 'I64', [2, 3]],
  ['U64', 64, 'U64', [2, 3]],
  ['C32', 32, 'F16', [2, 3, 2]],
  ['BC32', 32, 'BF16', [2, 3, 2]],
  ['C128', 128, 'F64', [2, 3, 2]],
  ['QI8', 8, 'I8', [2, 3]],
  ['QU8', 8, 'U8', [2, 3]],
  ['QI32', 32, 'I32', [2, 3]],
  ['QU4X2', 4, 'U8', [3]],
  ['QU2X4', 2, 'U8', [2]],
  ['BITS8', 8, 'U8', [2, 3]],
  ['BITS1X8', 8, 'U8', [2, 3]],
  ['BITS2X4', 8, 'U8', [2, 3]],
  ['BITS4X2', 8, 'U8', [2, 3]],
  ['BITS16', 16, 'U16', [2, 3]],
  ['U4', 4, 'U8', [3]],
  ['I4', 4, 'U8', [3]],
  ['U2', 2, 'U8', [2]],
  ['I2', 2, 'U8', [2]],
];

describe.each(table)('%s', (dtype, bits, as, shape) => {
  it('has its bits and its form in safetensors, with as many bytes', () => {
    expect(isDType(dtype)).toBe(true);
    expect(isPhysical(dtype)).toBe(dtype === as);
    expect(bitsOf(dtype)).toBe(bits);
    expect(storedAs(dtype, [2, 3])).toEqual({ dtype: as, shape });
    const stored = storedAs(dtype, [2, 3]);
    expect(bytesOf(stored.dtype, stored.shape)).toBe(bytesOf(dtype, [2, 3]));
  });
});

it('the table is complete, in the order of the reference writer', () => {
  expect(table.map(([dtype]) => dtype).filter(isPhysical)).toEqual([...PHYSICAL]);
  expect(table).toHaveLength(39);
  for (const name of ['F99', 'f32', '', '__proto__', 'toString']) expect(isDType(name)).toBe(false);
});

it('counts elements and bytes', () => {
  expect([elementsOf([]), elementsOf([3, 0, 5]), elementsOf([3, 4])]).toEqual([1, 0, 12]);
  expect([bytesOf('QU4X2', [3]), bytesOf('QU2X4', [5]), bytesOf('F32', [])]).toEqual([2, 2, 4]);
  expect(elementsOf([2 ** 40, 2 ** 40])).toBe(Number.POSITIVE_INFINITY);
  expect(elementsOf([2 ** 40, 2 ** 40, 0])).toBe(0);
  expect(bytesOf('F64', [2 ** 52])).toBe(Number.POSITIVE_INFINITY);
});
