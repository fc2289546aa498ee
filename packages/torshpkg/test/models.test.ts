import { fromBytes, fromFiles, toFiles, webPlatform } from '@torsh/bytes';
import { type Archive, createContext, formatHeader, type Issue, torsh } from '@torsh/core';
import { expect, it } from 'vitest';
import { torshpkg } from '../src/index.ts';
import { pack, smallest } from './pack.ts';
import { readSmall } from './small-reader.ts';

const issues: Issue[] = [];
const context = createContext({
  formats: [torshpkg(), torsh()],
  platform: webPlatform,
  report: (issue) => issues.push(issue),
});
const open = (bytes: Uint8Array): Promise<Archive> =>
  torshpkg().reader!.open({ files: fromFiles(new Map([['a', fromBytes(bytes)]])), entry: 'a' }, context);
const through = async (whole: Archive, format = torshpkg()): Promise<Uint8Array> => {
  const output = toFiles();
  await format.writer!.write(whole, output, 'a', context);
  await output.close();
  return output.files().get('a')!;
};

const header = formatHeader(
  [
    { name: 'w', dtype: 'U8', shape: [4] },
    { name: 'v', dtype: 'F32', shape: [] },
  ],
  { made: 'by hand' },
);
const canonical = new Uint8Array([...header.bytes, 0, 0, 128, 63, 1, 2, 3, 4]);
// As a writer with another order would have it: the smaller type first, and spaces in the JSON.
const json = new TextEncoder().encode(
  '{ "w": {"dtype":"U8","shape":[4],"data_offsets":[0,4]}, "v": {"dtype":"F32","shape":[],"data_offsets":[4,8]}}',
);
const other = new Uint8Array([json.length, 0, 0, 0, 0, 0, 0, 0, ...json, 1, 2, 3, 4, 0, 0, 128, 63]);

const file = pack([
  { name: 'MANIFEST.json', data: JSON.stringify(smallest) },
  { name: 'models/net.safetensors', data: canonical },
  { name: 'models/deep/net.safetensors', data: other },
  { name: 'models/weights', data: canonical },
  { name: 'models/weights.metadata', data: '{"format":"safetensors"}' },
  { name: 'models/broken.safetensors', data: 'no' },
  { name: 'models/a.pth', data: 'opaque' },
]);

it('models that are safetensors become tensors, all others stay files', async () => {
  const whole = await open(file);
  expect([...whole.models.keys()]).toEqual(['net', 'deep.net', 'weights']);
  const { tensors, metadata } = whole.models.get('net')!;
  expect(metadata).toEqual({ made: 'by hand' });
  expect([...tensors.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ['v', 'F32', []],
    ['w', 'U8', [4]],
  ]);
  expect(await whole.models.get('deep.net')!.tensors.get('w')!.data.read(0, 4)).toEqual(
    Uint8Array.of(1, 2, 3, 4),
  );
  expect([...whole.resources.keys()]).toContain('models/broken.safetensors');
  expect(issues.map(({ code }) => code)).toContain('model');
});

it('the files of models come back byte for byte, whatever their header looks like, through a .torsh file too', async () => {
  const whole = await open(file);
  expect(await through(whole)).toEqual(file);
  const archived = await through(whole, torsh());
  const input = { files: fromFiles(new Map([['a', fromBytes(archived)]])), entry: 'a' };
  expect(await through(await torsh().reader!.open(input, context))).toEqual(file);
});

it('a model that was changed is written in the canonical form', async () => {
  const whole = await open(file);
  const net = whole.models.get('deep.net')!;
  const w = { ...net.tensors.get('w')!, shape: [2], data: fromBytes(Uint8Array.of(9, 9)) };
  const models = new Map(whole.models).set('deep.net', { ...net, tensors: new Map(net.tensors).set('w', w) });
  const entry = readSmall(await through({ ...whole, models })).find(
    ({ name }) => name === 'models/deep/net.safetensors',
  )!;
  const wanted = formatHeader(
    [
      { name: 'w', dtype: 'U8', shape: [2] },
      { name: 'v', dtype: 'F32', shape: [] },
    ],
    {},
  );
  expect(new Uint8Array(entry.bytes)).toEqual(new Uint8Array([...wanted.bytes, 0, 0, 128, 63, 9, 9]));
});
