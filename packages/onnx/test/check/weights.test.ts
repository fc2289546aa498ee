import { describe, expect, it } from 'vitest';
import type { Fields } from '../encode.ts';
import { modelOf, rulesOf } from './models.ts';

const initializer = (fields: Fields) =>
  rulesOf(modelOf({ initializer: [{ name: 'w', dims: [3], ...fields }] }));

describe('a tensor', () => {
  it.each([
    ['raw bytes', { data_type: 1, raw_data: new Uint8Array(12) }, ''],
    ['raw bytes, too few', { data_type: 1, raw_data: new Uint8Array(11) }, 'data-size'],
    ['raw bytes, too many', { data_type: 1, raw_data: new Uint8Array(13) }, 'runtime-data-size'],
    ['halves of bytes', { data_type: 22, raw_data: new Uint8Array(2) }, ''],
    ['halves of bytes, one by one', { data_type: 22, int32_data: [1, 2] }, ''],
    ['halves of bytes, in entries that are full', { data_type: 22, int32_data: [1] }, 'runtime-data-size'],
    ['numbers of several bytes', { data_type: 6, int32_data: [1, 300, 70_000] }, ''],
    ['numbers of several bytes, too few', { data_type: 6, int32_data: [300, 70_000] }, 'data-size'],
    ['complex numbers', { data_type: 14, float_data: new Uint8Array(24) }, ''],
    ['halves of complex numbers', { data_type: 14, float_data: new Uint8Array(12) }, 'data-size'],
    ['six-bit floats', { data_type: 27, int32_data: [1, 2, 63] }, ''],
    ['six-bit floats of seven bits', { data_type: 27, int32_data: [1, 2, 64] }, 'data-padding'],
    ['a field of another type', { data_type: 1, int32_data: [1, 2, 3] }, 'data-field'],
    ['nothing', { data_type: 1 }, 'data-field'],
    ['an unknown type', { data_type: 40, raw_data: new Uint8Array(3) }, 'runtime-data-type'],
    ['no type', { raw_data: new Uint8Array(3) }, 'data-type'],
    [
      'empty fields',
      { dims: [0], data_type: 1, raw_data: new Uint8Array(0), float_data: new Uint8Array(0) },
      '',
    ],
    [
      'more than there can be',
      { dims: [2 ** 32, 2 ** 31], data_type: 1, raw_data: new Uint8Array(1) },
      'data-shape',
    ],
  ])('with %s', async (_, fields, rule) => {
    expect((await initializer(fields)).map((each) => each.split(' ')[0])).toEqual(rule === '' ? [] : [rule]);
  });
});

describe('a sparse tensor', () => {
  const sparse = (indices: Fields, dims: readonly number[], count: number) =>
    rulesOf(
      modelOf({
        sparse_initializer: [
          {
            values: { name: 's', dims: [count], data_type: 2, raw_data: new Uint8Array(count) },
            indices,
            dims,
          },
        ],
      }),
    );
  const typed = (dims: readonly number[], ...int64_data: number[]) => ({ dims, data_type: 7, int64_data });

  it('has indices in rows or in a line', async () => {
    expect(await sparse(typed([3], 0, 300, 65_535), [256, 256], 3)).toEqual([]);
    expect(await sparse(typed([3, 2], 0, 255, 1, 0, 1, 1), [2, 256], 3)).toEqual([]);
  });

  it.each([
    ['in disorder', [0, 5, 4]],
    ['twice', [0, 4, 4]],
    ['beyond the end', [0, 1, 6]],
  ])('has no indices %s', async (_, indices) => {
    const at = 'sparse-indices graph/sparse_initializer[0]("s")/indices';
    expect(await sparse(typed([3], ...indices), [2, 3], 3)).toEqual([at]);
    const rows = indices.flatMap((index) => [Math.floor(index / 3), index % 3]);
    expect(await sparse(typed([3, 2], ...rows), [2, 3], 3)).toEqual([at]);
  });

  it('may have more places than numbers are exact', async () => {
    expect(await sparse(typed([2, 3], 0, 0, 9, 1, 0, 0), [2 ** 30, 2 ** 30, 2 ** 30], 2)).toEqual([]);
  });

  it('has indices that are read in blocks', async () => {
    const count = 100_000;
    const bytes = new Uint8Array(count * 8);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < count; index++) view.setUint32(index * 8, index * 2, true);
    const raw = { dims: [count], data_type: 7, raw_data: bytes };
    expect(await sparse(raw, [count * 2], count)).toEqual([]);
    view.setUint32((count - 1) * 8, 7, true);
    expect(await sparse(raw, [count * 2], count)).toHaveLength(1);
  });
});
