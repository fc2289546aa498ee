import { isTorshError } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { checkShardBytes, formatShardIndex, model, shardsOf } from '../../src/index.ts';
import { tensor } from '../support.ts';

/** The names of the tensors in each shard; `sizes` are bytes, in the order of the alphabet. */
const split = (sizes: readonly number[], maxBytes: number) => {
  const tensors = sizes.map((size, index) => tensor(String.fromCharCode(97 + index), 'U8', [size]));
  const shards = shardsOf(model(tensors), { stem: 'm', suffix: '.x', maxBytes });
  return shards.map(({ tensors: part }) => part.map(({ name }) => name).join(''));
};

describe('tensors are dealt out as huggingface_hub does it', () => {
  it.each<[sizes: number[], maxBytes: number, expected: string[]]>([
    [[], 10, ['']],
    [[6, 6, 2, 6, 2, 2], 10, ['a', 'bc', 'def']],
    // To the last byte, and no further.
    [[5, 5, 1], 10, ['ab', 'c']],
    [[10, 10], 10, ['a', 'b']],
    // What is too large is by itself, before the shard that is being filled.
    [[4, 11, 4], 10, ['b', 'ac']],
    [[11, 12], 10, ['a', 'b']],
    [[0, 10, 0], 10, ['abc']],
  ])('%j of %i', (sizes, maxBytes, expected) => {
    expect(split(sizes, maxBytes)).toEqual(expected);
  });
});

it('a shard has the tied names of its tensors, and a number', () => {
  const whole = model(
    ['a', 'b', 'c'].map((name) => tensor(name, 'U8', [6])),
    {
      aliases: new Map([
        ['x', 'c'],
        ['y', 'a'],
        ['z', 'c'],
      ]),
    },
  );
  const shards = shardsOf(whole, { stem: 'unet/m', suffix: '.bin', maxBytes: 12 });
  expect(shards.map(({ path, aliases }) => [path, ...aliases.keys()])).toEqual([
    ['unet/m-00001-of-00002.bin', 'y'],
    ['unet/m-00002-of-00002.bin', 'x', 'z'],
  ]);
});

it('one shard has the name of the file that it is', () => {
  const whole = model([tensor('a')], { aliases: new Map([['b', 'a']]) });
  expect(shardsOf(whole, { stem: 'm', suffix: '.x', maxBytes: 100 })).toEqual([
    { path: 'm.x', tensors: [whole.tensors.get('a')], aliases: whole.aliases },
  ]);
});

it('a size is a whole number above nothing', () => {
  for (const size of [0, -1, 0.5, Number.NaN, 2 ** 53])
    expect(() => checkShardBytes(size)).toThrow(TypeError);
  expect(() => checkShardBytes(1)).not.toThrow();
});

it('an index that no reader would take is not made', () => {
  const name = 'x'.repeat(11 * 2 ** 20);
  let error: unknown;
  try {
    formatShardIndex(new Map([[name, 'a.bin']]), 1);
  } catch (each) {
    error = each;
  }
  expect(isTorshError(error, 'limit')).toBe(true);
});
