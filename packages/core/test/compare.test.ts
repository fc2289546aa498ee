import { expect, it } from 'vitest';
import { type Archive, archive, compare, model } from '../src/index.ts';
import { platform, resource, smallArchive, tensor } from './support.ts';

const differences = async (copy: Archive, source: Archive): Promise<string[]> =>
  (await compare(copy, source, { formats: [], platform })).map(({ kind, subject }) => `${kind} ${subject}`);

const of = (...tensors: ReturnType<typeof tensor>[]) => archive('x', { models: [model(tensors)] });

it('finds nothing between equals', async () => {
  expect(await differences(smallArchive(), smallArchive())).toEqual([]);
});

it.each([
  ['a tensor that is missing', of(tensor('a')), of(tensor('a'), tensor('b')), 'missing b'],
  ['a tensor too many', of(tensor('a'), tensor('b')), of(tensor('a')), 'added b'],
  ['another type', of(tensor('a', 'I32')), of(tensor('a', 'F32')), 'type a'],
  ['another shape', of(tensor('a', 'F32', [2, 1])), of(tensor('a', 'F32', [2])), 'type a'],
  ['other bytes', of(tensor('a', 'F32', [2], 5)), of(tensor('a')), 'bytes a'],
  ['a model that is missing', archive('x', {}), of(tensor('a')), 'missing model'],
  ['a model too many', of(tensor('a')), archive('x', {}), 'added model'],
  [
    'a file that is missing',
    archive('x', {}),
    archive('x', { resources: [resource('f', 'x')] }),
    'missing f',
  ],
  [
    'a file of other bytes',
    archive('x', { resources: [resource('f', 'y')] }),
    archive('x', { resources: [resource('f', 'x')] }),
    'bytes f',
  ],
  [
    'other metadata',
    archive('x', { metadata: { torch: [1] } }),
    archive('x', { metadata: { torch: [2] } }),
    'metadata torch',
  ],
  [
    'metadata that is missing',
    archive('x', {}),
    archive('x', { metadata: { torch: null } }),
    'metadata torch',
  ],
] as const)('finds %s', async (_, copy, source, wanted) => {
  expect(await differences(copy, source)).toEqual([wanted]);
});

it('takes a tied name for the tensor that it stands for, whoever owns it', async () => {
  const tied = (owner: string, other: string) =>
    archive('x', { models: [model([tensor(owner)], { aliases: new Map([[other, owner]]) })] });
  expect(await differences(tied('a', 'b'), tied('b', 'a'))).toEqual([]);
  expect(await differences(of(tensor('a'), tensor('b')), tied('a', 'b'))).toEqual([]);
  expect(await differences(of(tensor('a'), tensor('b', 'F32', [2], 9)), tied('a', 'b'))).toEqual(['bytes b']);
});

it('lets a copy have a provenance of its own', async () => {
  const one = archive('x', { metadata: { provenance: { converter: 'a' } } });
  expect(await differences(archive('x', {}), one)).toEqual([]);
});
