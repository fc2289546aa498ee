import { fromBytes } from '@torsh/bytes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareJson } from '../../src/diff/json.ts';
import { compareLines } from '../../src/diff/lines.ts';
import { type Archive, archive, diff, type Json, model, type Tensor } from '../../src/index.ts';
import { openTorsh, platform, resource, smallArchive, tensor, torshBytes } from '../support.ts';

const of = (...tensors: readonly Tensor[]): Archive => archive('test', { models: [model(tensors)] });
const found = (a: Archive, b: Archive) => diff(a, b, { platform });

it('finds nothing between an archive and itself, through a file too', async () => {
  const same = { same: true, metadata: [], models: { added: [], removed: [] } };
  expect(await found(smallArchive(), smallArchive())).toMatchObject(same);
  const copy = await openTorsh(await torshBytes(smallArchive()));
  expect(await found(smallArchive(), copy)).toMatchObject({ ...same, tensors: { same: 4, different: [] } });
});

it('believes digests that are on record, and reads nothing', async () => {
  const copy = await openTorsh(await torshBytes(smallArchive()));
  const unread = { size: 24, read: () => Promise.reject(new Error('was read')) };
  const of = (data: Tensor['data']) =>
    archive('x', { models: [model([{ name: 'a', dtype: 'F32', shape: [6], data }])] });
  const data = (sha256: string) => ({ ...unread, expected: { sha256 } });
  expect((await found(of(data('1')), of(data('1')))).same).toBe(true);
  await expect(found(of(data('1')), of(data('2')))).rejects.toThrow('was read');
  expect((await found(copy, copy)).same).toBe(true);
});

it('tells what is added, removed, renamed, and of another shape', async () => {
  const before = of(tensor('a'), tensor('b', 'F32', [2], 9), tensor('c', 'F32', [4]), tensor('d', 'U8', [3]));
  const after = of(
    tensor('a'),
    tensor('x', 'F32', [2], 9),
    tensor('c', 'F32', [2, 2]),
    tensor('e', 'U8', [4]),
  );
  const { same, tensors } = await found(before, after);
  expect(same).toBe(false);
  expect(tensors.same).toBe(1);
  expect(tensors.different.map(({ kind, before, after }) => [kind, before?.name, after?.name])).toEqual([
    ['changed', 'c', 'c'],
    ['renamed', 'b', 'x'],
    ['removed', 'd', undefined],
    ['added', undefined, 'e'],
  ]);
});

it('gives each lost tensor one new name', async () => {
  const twins = of(tensor('a'), tensor('b'));
  const { tensors } = await found(twins, of(tensor('c'), tensor('d'), tensor('e')));
  expect(tensors.different.map(({ kind }) => kind)).toEqual(['renamed', 'renamed', 'added']);
});

it('follows tied names, and says where they are tied differently', async () => {
  const tied = archive('test', { models: [model([tensor('a')], { aliases: new Map([['b', 'a']]) })] });
  const { same, tensors } = await found(tied, of(tensor('a'), tensor('b')));
  expect(same).toBe(false);
  expect(tensors).toMatchObject({
    different: [],
    aliases: [{ model: 'model', name: 'b', before: 'a', after: undefined }],
  });
});

it('compares the only models, whatever they are called, and several by name', async () => {
  const one = archive('x', { models: [model([tensor('a')], { name: 'left' })] });
  const other = archive('x', { models: [model([tensor('a')], { name: 'right' })] });
  expect((await found(one, other)).same).toBe(true);
  const two = archive('x', { models: [...one.models.values(), model([tensor('a', 'U8')], { name: 'new' })] });
  expect(await found(one, two)).toMatchObject({ same: false, models: { added: ['new'], removed: [] } });
});

it('compares files', async () => {
  const before = archive('x', {
    resources: [
      resource('a.txt', 'one\ntwo\nthree\n'),
      resource('b.txt', 'moved'),
      resource('c.bin', 'gone'),
      resource('d.txt', 'as it was'),
      { ...resource('e.bin', ''), data: fromBytes(Uint8Array.of(0xff, 0)) },
      resource('f.txt', 'role'),
    ],
  });
  const after = archive('x', {
    resources: [
      resource('a.txt', 'one\n2\nthree\nfour\n'),
      resource('z.txt', 'moved'),
      resource('d.txt', 'as it was'),
      { ...resource('e.bin', ''), data: fromBytes(Uint8Array.of(0xff, 1)) },
      resource('f.txt', 'role', 'document'),
    ],
  });
  const { same, files } = await found(before, after);
  expect(same).toBe(false);
  expect(files.same).toBe(1);
  expect(
    files.different.map(({ kind, before, after, lines }) => [kind, before?.path, after?.path, lines]),
  ).toEqual([
    ['changed', 'a.txt', 'a.txt', { removed: 1, added: 2 }],
    ['changed', 'e.bin', 'e.bin', undefined],
    ['changed', 'f.txt', 'f.txt', undefined],
    ['renamed', 'b.txt', 'z.txt', undefined],
    ['removed', 'c.bin', undefined, undefined],
  ]);
});

it('compares metadata, and lets pass what only says how a file was written', async () => {
  const of = (metadata: { [key: string]: Json }, incidental: string[] = []) =>
    archive('x', { metadata, incidental });
  const one = of({ torsh: { version: '1.0.0' }, torch: { a: [1, 2] } });
  const other = of({ torsh: { version: '1.0.1' }, torch: { a: [1, 3] } });
  expect((await found(one, other)).metadata).toEqual([
    { path: '/torsh/version', before: '1.0.0', after: '1.0.1' },
    { path: '/torch/a/1', before: 2, after: 3 },
  ]);
  const passed = await found(of({ torch: 1 }), of({ torch: 2 }, ['torch']));
  expect(passed).toMatchObject({ same: true, metadata: [], incidental: ['torch'] });
});

it('lets pass which library wrote the tensors', async () => {
  const by = (metadata: { [key: string]: string }) => archive('x', { models: [model([], { metadata })] });
  const passed = { same: true, metadata: [], incidental: ['models/model/format'] };
  expect(await found(by({ format: 'pt' }), by({}))).toMatchObject(passed);
  expect(await found(by({ format: 'pt' }), by({ format: 'np' }))).toMatchObject(passed);
  const kept = await found(by({ format: 'pt', note: 'a' }), by({ format: 'pt', note: 'b' }));
  expect(kept).toMatchObject({ same: false, incidental: [] });
  expect(kept.metadata).toEqual([{ path: '/models/model/note', before: 'a', after: 'b' }]);
});

it('finds the places in which JSON differs', () => {
  const at = (before: Json | undefined, after: Json | undefined) =>
    compareJson(before, after, '').map(({ path, before, after }) => [path, before, after]);
  expect(at({ 'a/b': 1, '~': [1] }, { 'a/b': 2, '~': [1, 2] })).toEqual([
    ['/a~1b', 1, 2],
    ['/~0/1', undefined, 2],
  ]);
  expect(at({ a: [] }, { a: {} })).toEqual([['/a', [], {}]]);
  expect(at({ a: null }, {})).toEqual([['/a', null, undefined]]);
  const parsed = (text: string) => JSON.parse(text) as Json;
  expect(at(parsed('{"__proto__": 1}'), parsed('{"__proto__": 2}'))).toEqual([['/__proto__', 1, 2]]);
  expect(at(undefined, undefined)).toEqual([]);
  let deep: Json = 1;
  for (let depth = 0; depth < 50_000; depth++) deep = [deep];
  expect(at(deep, deep)).toEqual([]);
});

it('counts lines as diff does', () => {
  expect(compareLines('a\nb\nc', 'a\nc')).toEqual({ removed: 1, added: 0 });
  expect(compareLines('a\nb', 'b\na')).toEqual({ removed: 1, added: 1 });
  expect(compareLines('', 'a')).toEqual({ removed: 1, added: 1 });
  const many = (from: number) => Array.from({ length: 5000 }, (_, index) => `${from + index}`).join('\n');
  expect(compareLines(many(0), many(10_000))).toEqual({ removed: 5000, added: 5000 });
});

it('counts the fewest changed lines', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [a, b] = [before.length === 0 ? [''] : before, after.length === 0 ? [''] : after];
      const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
      for (let i = 1; i <= a.length; i++)
        for (let j = 1; j <= b.length; j++)
          lengths[i]![j] =
            a[i - 1] === b[j - 1]
              ? lengths[i - 1]![j - 1]! + 1
              : Math.max(lengths[i - 1]![j]!, lengths[i]![j - 1]!);
      const common = lengths[a.length]![b.length]!;
      expect(compareLines(a.join('\n'), b.join('\n'))).toEqual({
        removed: a.length - common,
        added: b.length - common,
      });
    }),
  );
});
