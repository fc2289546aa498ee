import type { ByteSource } from '@torsh/bytes';
import type { PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { torchLegacy } from '../../src/index.ts';
import { call, dict, global, list, open as openWith, ordered, tuple, utils } from '../support.ts';
import { counted, FOUR, int64, type Laid, open, SYSTEM, storage, stream } from './support.ts';

const old = (on: PickleValue, offset: number, size: readonly number[], stride: readonly number[]) =>
  call(utils('_rebuild_tensor'), [on, offset, tuple(...size), tuple(...stride)]);
const floats = (...values: readonly number[]) => new Uint8Array(new Float32Array(values).buffer);
const laid = (key: PickleValue, ...values: readonly number[]): Laid => ({
  key,
  count: values.length,
  bytes: floats(...values),
});
const valuesOf = async ({ data }: { readonly data: ByteSource }) =>
  Array.from(new Float32Array((await data.read(0, data.size)).slice().buffer));

describe('storages that are stretches of another', () => {
  const stretch = (key: string, from: number, length: number) =>
    storage({ key: 'root', numel: 8, stretch: tuple(key, from, length) });
  const root = laid('root', 0, 1, 2, 3, 4, 5, 6, 7);

  it('are windows on it, and two that show the same are one tensor', async () => {
    const { model, torch } = await open(
      stream(
        dict(
          ['a', old(stretch('v', 2, 4), 1, [3], [1])],
          ['b', old(stretch('w', 3, 3), 0, [3], [1])],
          ['c', old(storage({ key: 'root', numel: 8 }), 0, [2, 4], [4, 1])],
        ),
        [root],
      ).bytes,
    );
    expect(await valuesOf(model.tensors.get('a')!)).toEqual([3, 4, 5]);
    expect([...model.aliases]).toEqual([['b', 'a']]);
    // All of it as places in the one storage that there is, which is what torch writes today.
    expect(torch.structure).toEqual({
      a: { $tensor: 'a', storage: 'root', offset: 3 },
      b: { $tensor: 'b', storage: 'root', offset: 3 },
      c: { $tensor: 'c', storage: 'root' },
    });
    expect(torch.storages).toEqual({
      root: { class: 'FloatStorage', location: 'cpu', numel: 8, tensors: ['a', 'c', 'b'] },
    });
  });

  it('can stand alone', async () => {
    const { model, torch } = await open(stream(list(stretch('v', 6, 2)), [root]).bytes);
    expect(await valuesOf(model.tensors.get('0')!)).toEqual([6, 7]);
    expect(torch.structure).toEqual([{ $storage: 'root', offset: 6, numel: 2 }]);
  });
});

describe('classes with their source', () => {
  const withSource = (file: PickleValue, text: PickleValue) => ({
    kind: 'persistent' as const,
    id: tuple('module', global('nets.small', 'Net'), file, text),
  });

  it('are their names, and the source is kept as a file', async () => {
    const net = call(withSource('/home/me/nets.py', 'class Net:\n    pass\n'), [], {
      states: [dict(['w', old(storage(), 0, [4], [1])])],
    });
    const { archive, model, torch, issues } = await open(stream(net).bytes);
    expect([...model.tensors.keys()]).toEqual(['w']);
    const kept = archive.resources.get('nets/small/Net.py')!;
    expect([kept.role, new TextDecoder().decode(await kept.data.read(0, kept.data.size))]).toEqual([
      'code',
      'class Net:\n    pass\n',
    ]);
    expect(torch.code).toEqual({
      'nets.small.Net': { file: '/home/me/nets.py', resource: 'nets/small/Net.py' },
    });
    expect(torch.structure).toMatchObject({ $object: { callee: { $global: ['nets.small', 'Net'] } } });
    expect(issues.map(({ code }) => code)).toEqual(['opaque', 'source-code']);
  });

  it('may come without it, or twice with another', async () => {
    const both = tuple(withSource('a.py', 'one'), withSource(null, null), withSource('b.py', 'two'));
    const { archive, torch } = await open(stream(both, []).bytes);
    expect([...archive.resources.keys()]).toEqual(['nets/small/Net.py', 'nets/small/Net~2.py']);
    expect(torch.code).toEqual({
      'nets.small.Net': { file: 'a.py', resource: 'nets/small/Net.py' },
      'nets.small.Net~2': { file: 'b.py', resource: 'nets/small/Net~2.py' },
    });
  });

  it('cannot lead out of the folder of sources', async () => {
    const evil = {
      kind: 'persistent' as const,
      id: tuple('module', global('../../x.CON', 'a/b'), '', 'text'),
    };
    const { archive } = await open(stream(evil, []).bytes);
    expect([...archive.resources.keys()]).toEqual(['_/_/_/_/_x/_CON/a_b.py']);
  });
});

describe('persistent ids of protocol 0, which are the text of a tuple', () => {
  const file = (id: string) =>
    stream(null, FOUR, {
      protocol: 0,
      object: new TextEncoder().encode(`ctorch._utils\n_rebuild_tensor\n(P${id}\nI0\n(I4\nt(I1\nttR.`),
    }).bytes;

  it.each([
    ["('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 4, None)"],
    ["('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 4)"],
    [`(u"storage", <type 'torch.FloatStorage'>, u'0', 'cpu', 4L, None)`],
    ["('storage', <class 'torch.FloatStorage'>, '\\x30', 'cpu', 4, None)"],
    ["('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 4, ('1', 0, 4))"],
  ])('%s', async (id) => {
    expect([...(await open(file(id))).model.tensors.keys()]).toEqual(['tensor']);
  });
});

describe('what only old files have', () => {
  it('a tensor without dimensions on an empty storage has no elements', async () => {
    const empty = storage({ numel: 0 });
    const none = [{ key: '0', count: 0, bytes: new Uint8Array(0) }];
    const made = call(global('torch', 'FloatTensor'), [], {
      how: 'newobj',
      states: [tuple(empty, 0, tuple(), tuple())],
    });
    const { model } = await open(stream(list(old(empty, 0, [], []), made), none).bytes);
    expect([...model.tensors.values()].map(({ shape }) => shape)).toEqual([[0], [0]]);
  });

  it('a parameter that is made empty and then given its tensor and its gradient', async () => {
    const state = tuple(old(storage(), 0, [4], [1]), old(storage(), 1, [2], [1]), ordered(), true, false);
    const parameter = call(global('torch.nn.parameter', 'Parameter'), [], { how: 'newobj', states: [state] });
    const { model } = await open(stream(dict(['w', parameter])).bytes);
    expect([...model.tensors.keys()]).toEqual(['w', 'w.grad']);
  });

  it('storages of bytes of a machine with its highest byte first', async () => {
    const system = dict(['little_endian', false]);
    const bytes = Uint8Array.of(0, 1, 0, 2, 0, 3, 0, 4);
    const typed = call(utils('_rebuild_tensor_v3'), [
      storage({ type: 'UntypedStorage', key: 'u', numel: 8 }),
      ...[0, tuple(4), tuple(1), false, ordered(), global('torch', 'uint16')],
    ]);
    const whole = dict(['u', typed], ['f', old(storage(), 0, [4], [1])]);
    const { bytes: file } = stream(whole, [{ key: 'u', count: 8, bytes }, laid('0', 1, 2, 3, 4)], { system });
    const { model } = await open(file);
    // torch turns the numbers of typed storages as it writes them, and knows nothing of the others.
    expect(await valuesOf(model.tensors.get('f')!)).toEqual([1, 2, 3, 4]);
    const { data } = model.tensors.get('u')!;
    expect(await data.read(0, 8)).toEqual(Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0));
  });

  it('state dicts are nothing but tensors under names', async () => {
    const { archive, torch } = await open(stream(ordered(['w', old(storage(), 0, [4], [1])])).bytes);
    expect([...archive.incidental]).toEqual(['torch']);
    expect(torch).toMatchObject({
      kind: 'torch.save legacy',
      protocol: 2,
      sys_info: { little_endian: true },
    });
  });
});

describe('what is read to open a file', () => {
  it('is the pickles and the lengths, whatever lies behind', async () => {
    const size = 3 * 2 ** 30;
    const zeros: ByteSource = { size, read: async (_, length) => new Uint8Array(length) };
    const wide = (key: string) =>
      call(utils('_rebuild_tensor'), [
        storage({ type: 'ByteStorage', key, numel: size }),
        0,
        tuple(size),
        tuple(1),
      ]);
    const { bytes } = stream(list(wide('a'), wide('b')), [], { keys: list('a', 'b') });
    const { source, read, reads } = counted(bytes, int64(size), zeros, int64(size), zeros);
    const { archive } = await openWith(source, {}, torchLegacy());
    expect(archive.models.get('model')!.tensors.size).toBe(2);
    expect(read()).toBeLessThan(1.1 * 2 ** 20);
    expect(reads()).toBeLessThan(6);
  });

  it('of thousands of small storages is taken many at a time', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => String(index).padStart(5, '0'));
    const object = list(...keys.map((key) => old(storage({ key }), 0, [4], [1])));
    const { bytes } = stream(
      object,
      keys.map((key) => laid(key, 1, 2, 3, 4)),
    );
    const { source, reads } = counted(bytes);
    const { archive } = await openWith(source, {}, torchLegacy());
    expect(archive.models.get('model')!.tensors.size).toBe(20_000);
    expect(reads()).toBeLessThan(30);
  });

  it('grows with a pickle that is longer than what was taken at first', async () => {
    const text = 'x'.repeat(3 * 2 ** 20);
    const { source, read } = counted(stream(dict(['t', text], ['w', old(storage(), 0, [4], [1])])).bytes);
    const { archive } = await openWith(source, {}, torchLegacy());
    expect([...archive.models.get('model')!.tensors.keys()]).toEqual(['w']);
    expect(read()).toBeLessThan(source.size + 1024);
  });
});

it('knows the magic number in every protocol', async () => {
  for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
    const { bytes } = stream(dict(['w', 1]), [], { protocol, system: SYSTEM });
    const input = {
      files: { async *list() {}, open: async () => counted(bytes).source },
      entry: 'x',
    };
    const context = { signal: new AbortController().signal } as never;
    expect((await torchLegacy().detect(input, context))?.confidence).toBe('certain');
    expect((await open(bytes)).torch.structure).toEqual({ w: 1 });
  }
});
