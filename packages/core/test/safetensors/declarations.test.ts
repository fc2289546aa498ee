import { defaultLimits, fromBytes } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/archive.ts';
import { bytesOf, type DType, storedAs } from '../../src/dtype.ts';
import {
  ALIASES_KEY,
  applyDeclarations,
  DTYPES_KEY,
  formatDeclarations,
  parseDeclarations,
} from '../../src/safetensors/index.ts';

const tensor = (name: string, dtype: DType, shape: readonly number[]): Tensor => ({
  name,
  dtype,
  shape,
  data: fromBytes(new Uint8Array(bytesOf(dtype, shape))),
});
const byName = (all: readonly Tensor[]) => new Map(all.map((each) => [each.name, each]));
const stored = (all: readonly Tensor[]) =>
  byName(all.map((each) => ({ ...each, ...storedAs(each.dtype, each.shape) })));

const logical = [
  tensor('plain', 'F32', [2]),
  tensor('z', 'C128', [2, 3]),
  tensor('10', 'C32', []),
  tensor('9', 'QU4X2', [5]),
  tensor('__proto__', 'QI8', [0, 4]),
  tensor('b', 'BITS16', [3]),
];

it('types and tied names survive', () => {
  const aliases = new Map([
    ['head', 'z'],
    ['1', 'plain'],
  ]);
  const texts = formatDeclarations(logical, aliases);
  expect(Object.keys(texts)).toEqual([DTYPES_KEY, ALIASES_KEY]);
  expect(texts[ALIASES_KEY]).toBe('{"1":"plain","head":"z"}');
  expect(texts[DTYPES_KEY]).toMatch(/^\{"10":\{"dtype":"C32","shape":\[\]\},"9":/);
  const { declarations, rest } = parseDeclarations({ a: 'b', ...texts }, defaultLimits);
  expect(rest).toEqual({ a: 'b' });
  expect([...declarations.aliases].sort()).toEqual([...aliases].sort());
  const applied = applyDeclarations(stored(logical), declarations);
  expect([...applied.values()]).toEqual(logical);
});

it('nothing to declare is nothing written', () => {
  expect(formatDeclarations([tensor('a', 'F32', [1])], new Map())).toEqual({});
});

describe('wrong declarations are malformed', () => {
  it.each([
    [DTYPES_KEY, 'x'],
    [DTYPES_KEY, '{"z":{"dtype":"C128"}}'],
    [DTYPES_KEY, '{"z":{"dtype":"F64","shape":[2,3]}}'],
    [DTYPES_KEY, '{"z":{"dtype":"C129","shape":[2,3]}}'],
    [DTYPES_KEY, '{"z":{"dtype":"C128","shape":[3,2]}}'],
    [DTYPES_KEY, '{"z":{"dtype":"C32","shape":[2,3]}}'],
    [DTYPES_KEY, '{"none":{"dtype":"C128","shape":[2,3]}}'],
    [DTYPES_KEY, '{"z":{"dtype":"C128","shape":[2,3]},"z":{"dtype":"C128","shape":[2,3]}}'],
    [DTYPES_KEY, '{"z":{"dtype":"C128","shape":[2,3],"more":1}}'],
    [DTYPES_KEY, '{"z":{"dtype":"C128","shape":[2,3],"shape":[2,3]}}'],
    [ALIASES_KEY, '{"head":"none"}'],
    [ALIASES_KEY, '{"plain":"z"}'],
    [ALIASES_KEY, '{"head":"z","head":"z"}'],
    [ALIASES_KEY, '{"head":3}'],
  ])('%s: %s', (key, text) => {
    const apply = () =>
      applyDeclarations(stored(logical), parseDeclarations({ [key]: text }, defaultLimits).declarations);
    expect(apply).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});
