import { deflateRawSync } from 'node:zlib';
import { defaultLimits } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { archive, bytesOf, compare, type DType, model, PHYSICAL, torsh } from '../../src/index.ts';
import {
  codes,
  contextOf,
  openTorsh,
  platform,
  resource,
  smallArchive,
  tensor,
  torshBytes,
  utf8,
} from '../support.ts';
import { archiveOf, manifestOf } from './support.ts';

const logical: readonly DType[] = [
  'C32',
  'BC32',
  'C128',
  'QI8',
  'QU8',
  'QI32',
  'QU4X2',
  'QU2X4',
  'BITS8',
  'BITS1X8',
  'BITS2X4',
  'BITS4X2',
  'BITS16',
  'U4',
  'I4',
  'U2',
  'I2',
];

it.each([...PHYSICAL, ...logical])('keeps %s', async (dtype) => {
  const shapes = [[2, 4], [0, 3], [8]];
  // A scalar of less than a byte has no form in safetensors.
  if (bytesOf(dtype, [8]) >= 8 || logical.includes(dtype)) shapes.push([]);
  const tensors = shapes.map((shape, index) => tensor(`t${index}`, dtype, shape));
  const back = await openTorsh(await torshBytes(archive('x', { models: [model(tensors)] })));
  for (const { name, shape, data } of tensors) {
    const found = back.models.get('model')!.tensors.get(name)!;
    expect(found).toMatchObject({ dtype, shape });
    expect(await found.data.read(0, found.data.size)).toEqual(await data.read(0, data.size));
  }
});

it('keeps models, tied names, metadata, files and what was incidental', async () => {
  const source = smallArchive();
  const back = await openTorsh(await torshBytes(source));
  expect(await compare(back, source, { formats: [], platform })).toEqual([]);
  expect(back.origin).toBe('torsh');
  expect([...back.models.keys()]).toEqual(['model', 'second']);
  expect(back.models.get('model')).toMatchObject({
    aliases: new Map([['b.weight', 'a.weight']]),
    metadata: { format: 'pt' },
  });
  expect(back.metadata).toEqual(source.metadata);
  expect(back.incidental.has('torch')).toBe(true);
  for (const [path, { role, mediaType }] of source.resources)
    expect(back.resources.get(path)).toMatchObject({ role, mediaType });
});

it('is canonical: what was read and is written again is the same, byte for byte', async () => {
  const bytes = await torshBytes(smallArchive());
  expect(await torshBytes(await openTorsh(bytes))).toEqual(bytes);
});

it('copies what is deflated as it is', async () => {
  const bytes = await torshBytes(smallArchive());
  const back = await openTorsh(bytes);
  const { deflated } = back.resources.get('net.py')!.data;
  expect(await deflated!.read(0, deflated!.size)).toEqual(
    new Uint8Array(deflateRawSync('x = 1\n'.repeat(30))),
  );
  expect(back.resources.get('config.json')!.data.deflated).toBeUndefined();
});

it('writes back the keys of a manifest that it does not know', async () => {
  const unknown = {
    name: 'm',
    licence: 'MIT',
    dependencies: { python: ['numpy'] },
    x_from_the_future: [{ deep: { er: null } }],
    __proto__x: 1,
  };
  const first = await openTorsh(await archiveOf(manifestOf(unknown)));
  expect(first.metadata.torsh).toEqual(unknown);
  const second = await openTorsh(await torshBytes(first));
  expect(second.metadata.torsh).toEqual(unknown);
  expect(Object.keys(second.metadata.torsh as object)).toEqual(Object.keys(unknown));
});

it('takes `__proto__` for a key like any other', async () => {
  const value = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
  const source = archive('x', {
    metadata: Object.fromEntries([
      ['__proto__', value],
      ['torch', value],
    ]),
  });
  const back = await openTorsh(await torshBytes(source));
  expect(Object.keys(back.metadata)).toEqual(['__proto__', 'torch']);
  expect(JSON.stringify(back.metadata)).toBe(JSON.stringify(source.metadata));
  expect(Object.getPrototypeOf(back.metadata)).toBe(Object.prototype);
  expect('polluted' in {}).toBe(false);
});

it('keeps every kind of JSON', async () => {
  const value = [
    null,
    true,
    -1.5e-7,
    '',
    'é\u2028"\\\n',
    [],
    {},
    [[]],
    [{}],
    [1, [2]],
    { a: [1, 2], b: { c: [{ d: 1 }] } },
  ];
  const back = await openTorsh(await torshBytes(archive('x', { metadata: { any: value } })));
  expect(back.metadata.any).toEqual(value);
});

it('tells how far it is, up to the last byte', async () => {
  const steps: number[] = [];
  const progress = ({ done, total }: { done: number; total: number }) => steps.push(done / total);
  await torshBytes(smallArchive(), contextOf([], { progress }));
  expect(steps.at(-1)).toBe(1);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

it.each([
  ['a model name that is no file name', archive('x', { models: [model([], { name: 'a/b' })] }), 'model-name'],
  ['a model that is a device', archive('x', { models: [model([], { name: 'con' })] }), 'path'],
  [
    'models that differ in case only',
    archive('x', { models: [model([], { name: 'a' }), model([], { name: 'A' })] }),
    'path',
  ],
  ['a namespace that is no file name', archive('x', { metadata: { 'a b': 1 } }), 'namespace'],
  ['namespaces that differ in case only', archive('x', { metadata: { a: 1, A: 1 } }), 'path'],
  ['a head of the manifest that is no object', archive('x', { metadata: { torsh: [1] } }), 'namespace'],
  [
    'a head of the manifest that takes its keys',
    archive('x', { metadata: { torsh: { models: [] } } }),
    'namespace',
  ],
  ['a path that leaves', archive('x', { resources: [resource('../a', 'x')] }), 'path'],
  ['a path that is not portable', archive('x', { resources: [resource('a:b', 'x')] }), 'path'],
  ['a path that is too long', archive('x', { resources: [resource('a'.repeat(5000), 'x')] }), 'path'],
  [
    'paths that differ in case only',
    archive('x', { resources: [resource('a', 'x'), resource('A', 'x')] }),
    'path',
  ],
  [
    'a file that is a folder',
    archive('x', { resources: [resource('a', 'x'), resource('a/b', 'x')] }),
    'path',
  ],
  ['a tensor with a taken name', archive('x', { models: [model([tensor('__metadata__')])] }), 'tensor'],
  ['a tensor with no name', archive('x', { models: [model([tensor('')])] }), 'tensor'],
  ['a tensor with half a character', archive('x', { models: [model([tensor('\ud800')])] }), 'tensor'],
  ['a tensor with half a byte', archive('x', { models: [model([tensor('w', 'F4', [3])])] }), 'tensor'],
  [
    'metadata with half a character',
    archive('x', { models: [model([], { metadata: { a: '\udc00' } })] }),
    'model-metadata',
  ],
])('knows before it writes that it cannot hold %s', async (_, whole, code) => {
  expect(codes(torsh().writer!.examine!(whole, defaultLimits))).toEqual([`blocker ${code}`]);
});

it('what it does not refuse it reads back', async () => {
  const strange = archive('x', {
    models: [model([tensor('größe.λ'), tensor('0'), tensor('1'), tensor(' ')], { name: '_.-9' })],
    resources: [resource('a b/é.txt', 'x'), resource('a'.repeat(200), 'x', 'code')],
    metadata: { __x: 1 },
  });
  expect(torsh().writer!.examine!(strange, defaultLimits)).toEqual([]);
  const back = await openTorsh(await torshBytes(strange));
  expect(await compare(back, strange, { formats: [], platform })).toEqual([]);
  expect(utf8('x')).toEqual(await back.resources.get('a b/é.txt')!.data.read(0, 1));
});
