import { expect, it } from 'vitest';
import { concat, expecting, fromBytes, locate, paged, slice, TorshError } from '../src/index.ts';
import { numbered, watched } from './support.ts';

const root = fromBytes(numbered(100));

it('slice refuses a window that is not in its source, at once', () => {
  expect(() => slice(root, 90, 11)).toThrow(TorshError);
  expect(() => slice(root, -1, 1)).toThrow(TypeError);
  expect(slice(root, 100, 0).size).toBe(0);
});

it('locate finds the root through slices, expectations and pages', async () => {
  const deep = slice(expecting(slice(paged(root), 10, 80), { path: 'p' }), 5, 20);
  expect(await locate(deep)).toEqual({ root, offset: 15 });
  const joined = concat([root, root]);
  expect(await locate(slice(joined, 30, 5))).toEqual({ root: joined, offset: 30 });
});

it('expecting adds to what is expected and keeps how a source likes to be read', async () => {
  const deflated = fromBytes(numbered(3));
  const source = { ...root, block: 17, deflated };
  const both = expecting(expecting(source, { crc32: 5, path: 'inner' }), { sha256: 'ab', path: 'outer' });
  expect(both).toMatchObject({ size: 100, block: 17, deflated });
  expect(both.expected).toEqual({ crc32: 5, sha256: 'ab', path: 'outer' });
});

it('concat touches only the parts that are asked for', async () => {
  const parts = [
    watched(fromBytes(numbered(10))),
    watched(fromBytes(numbered(10))),
    watched(fromBytes(numbered(10))),
  ];
  await concat(parts).read(12, 3);
  expect(parts.map(({ reads }) => reads)).toEqual([[], [[2, 3]], []]);
});

it('paged reads neighbours once and forgets the oldest page', async () => {
  const source = watched(fromBytes(numbered(100)));
  const pages = paged(source, 10, 2);
  for (const offset of [0, 3, 9, 11, 0]) await pages.read(offset, 1);
  expect(source.reads).toEqual([
    [0, 10],
    [10, 10],
  ]);
  await pages.read(25, 1); // a third page: the one that was not used longest, [10, 20), goes
  await pages.read(5, 1);
  await pages.read(15, 1);
  expect(source.reads.slice(2)).toEqual([
    [20, 10],
    [10, 10],
  ]);
});

it('paged gives long reads straight to the source', async () => {
  const source = watched(fromBytes(numbered(100)));
  expect(await paged(source, 10, 2).read(5, 40)).toEqual(numbered(100).subarray(5, 45));
  expect(source.reads).toEqual([[5, 40]]);
});

it('paged tries again after a failure and does not spread an abort', async () => {
  let failures = 1;
  const pages = paged({
    size: 20,
    async read(offset, length) {
      if (failures-- > 0) throw new TorshError('io', 'once');
      return numbered(20).subarray(offset, offset + length);
    },
  });
  await expect(pages.read(0, 4)).rejects.toMatchObject({ code: 'io' });
  expect(await pages.read(0, 4)).toEqual(numbered(4));
});
