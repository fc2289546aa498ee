import { fromBytes, toBytes } from '@torsh/bytes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Archive, archive, createPatch, openPatch, type Tensor } from '../../src/index.ts';
import { contextOf, resource, smallArchive, torshBytes } from '../support.ts';
import { applied, models, noise, patchOf, platform, sideOf, weights } from './support.ts';

const big = 8_000;
const before = archive('test', {
  models: models(weights('a', big, 1), weights('b', big, 2), weights('c', big, 3)),
  resources: [resource('notes.txt', 'one line\n'.repeat(200)), resource('gone.txt', 'will go')],
});

/** What a patch from `before` costs, after it was found to make the target byte for byte. */
async function costOf(after: Archive): Promise<number> {
  const [base, target] = [await torshBytes(before), await torshBytes(after)];
  const patch = await patchOf(await sideOf(base), await sideOf(target));
  expect(Buffer.from(await applied(base, patch)).equals(target)).toBe(true);
  return patch.length;
}

const of = (tensors: Tensor[], resources = [...before.resources.values()]) =>
  archive('test', { models: models(...tensors), resources });
const [a, b, c] = [weights('a', big, 1), weights('b', big, 2), weights('c', big, 3)];

it.each<[name: string, after: Archive, most: number]>([
  ['nothing', before, 1000],
  ['one tensor replaced', of([a, weights('b', big, 9), c]), big * 4 + 3000],
  ['one tensor nudged', of([a, weights('b', big, 2, 1), c]), 5000],
  ['a few numbers of one tensor', of([a, weights('b', big, 2, 5000), c]), 6000],
  ['a tensor added in front', of([weights('0', 100, 5), a, b, c]), 3000],
  ['a tensor taken away', of([a, c]), 2000],
  ['a tensor renamed', of([a, { ...b, name: 'renamed' }, c]), 2500],
  ['a tensor that grew', of([a, { ...weights('b', big + 500, 2), name: 'b' }, c]), 6000],
  ['a tensor of another type', of([a, { ...b, dtype: 'I32' } as const, c]), big * 4 + 3000],
  [
    'a file edited',
    of([a, b, c], [resource('notes.txt', `${'one line\n'.repeat(100)}x${'one line\n'.repeat(99)}`)]),
    2500,
  ],
  ['everything else', smallArchive(), 10_000],
])('%s', async (_, after, most) => {
  expect(await costOf(after)).toBeLessThan(most);
});

it('makes something out of nothing, and nothing out of something', async () => {
  for (const [base, target] of [
    [new Uint8Array(0), noise(5000, 1)],
    [noise(5000, 1), new Uint8Array(0)],
    [new Uint8Array(0), new Uint8Array(0)],
  ] as const) {
    const patch = await patchOf({ file: fromBytes(base) }, { file: fromBytes(target) });
    expect(await applied(base, patch)).toEqual(target);
  }
});

it('finds bytes of unknown files again, wherever they are', async () => {
  const base = noise(300_000, 4);
  const target = Buffer.concat([
    noise(1000, 5),
    base.subarray(200_000),
    base.subarray(0, 7),
    base.subarray(1, 190_000),
  ]);
  const patch = await patchOf({ file: fromBytes(base) }, { file: fromBytes(target) });
  expect(patch.length).toBeLessThan(2000);
  expect(Buffer.from(await applied(base, patch)).equals(target)).toBe(true);
});

it('makes any file of any other', async () => {
  const piece = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 300 }));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const base = noise(1000, 6);
      const parts = pieces.map(([from, length]) =>
        length % 3 === 0 ? noise(length, from) : base.subarray(from, from + length),
      );
      const target = Buffer.concat(parts);
      const patch = await patchOf({ file: fromBytes(base) }, { file: fromBytes(target) });
      expect(Buffer.from(await applied(base, patch)).equals(target)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('gives equal patches for equal files, and says what it does', async () => {
  const [base, target] = [await torshBytes(before), await torshBytes(of([a, weights('b', big, 2, 1), c]))];
  const patch = await patchOf(await sideOf(base), await sideOf(target));
  expect(await patchOf(await sideOf(base), await sideOf(target))).toEqual(patch);
  const { head } = await openPatch(fromBytes(patch), contextOf());
  expect(head.base.size).toBe(base.length);
  expect(head.copied + head.changed + head.added).toBe(target.length);
  expect(head.changed).toBe(big * 4);
});

it('stops when it is told to, and leaves nothing', async () => {
  const side = await sideOf(await torshBytes(before));
  const stop = new AbortController();
  const sink = toBytes();
  const progress = (): void => stop.abort(new Error('enough'));
  const made = createPatch(side, side, sink, { platform, signal: stop.signal, progress });
  await expect(made).rejects.toThrow('enough');
  expect(sink.closed).toBe(false);
});
