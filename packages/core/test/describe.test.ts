import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { archive, describe as describeArchive, model } from '../src/index.ts';
import { contextOf, resource, smallArchive, tensor } from './support.ts';

it('describes everything, in order, without reading it', async () => {
  const untouched = { ...tensor('w'), data: { size: 8, read: () => Promise.reject(new Error('read')) } };
  const issue = { severity: 'note', code: 'a', message: 'b' } as const;
  const whole = archive('torsh', {
    models: [model([untouched])],
    resources: [resource('r', 'text')],
    metadata: { torch: 1 },
  });
  expect(await describeArchive(whole, [issue], contextOf())).toEqual({
    format: 'torsh',
    tensors: [{ name: 'w', dtype: 'F32', shape: [2], bytes: 8, model: 'model' }],
    aliases: {},
    resources: [{ path: 'r', role: 'other', bytes: 4 }],
    metadata: { torch: 1 },
    issues: [issue],
  });
});

it('gives a digest to each tensor and file, where they are asked for', async () => {
  const whole = smallArchive();
  const { tensors, resources } = await describeArchive(whole, [], contextOf(), { digests: true });
  const sum = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
  const first = whole.models.get('model')!.tensors.get('a.weight')!.data;
  expect(tensors[0]).toMatchObject({ name: 'a.weight', sha256: sum(await first.read(0, 24)) });
  expect(resources.find(({ path }) => path === 'none.txt')).toMatchObject({ sha256: sum(new Uint8Array(0)) });
  expect([...tensors, ...resources].every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256!))).toBe(true);
});

it('names tied tensors with their model where there are several, and takes any name', async () => {
  const one = archive('x', { models: [model([tensor('w')], { aliases: new Map([['__proto__', 'w']]) })] });
  expect(JSON.stringify((await describeArchive(one, [], contextOf())).aliases)).toBe('{"__proto__":"w"}');
  expect((await describeArchive(smallArchive(), [], contextOf())).aliases).toEqual({
    'model:b.weight': 'model:a.weight',
  });
});
