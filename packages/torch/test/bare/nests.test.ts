import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, file, global, list, open, storage, tensor, tuple, utils } from '../support.ts';
import { bytesOf, FLOATS, fixture, loadFromBytes, nestOf, openBare, refusedBare, told } from './support.ts';

const bare = (value: PickleValue) => assemble(value, { protocol: 4 });
const inNest = (nest: Uint8Array) => bare(dict(['a', loadFromBytes(nest)]));

describe('files of the old torch.save in a pickle', () => {
  it('become the object in them', async () => {
    const opened = await openBare(inNest(nestOf({ top: dict(['w', tensor()]) })));
    expect(await bytesOf(opened)).toEqual({ 'a.w': [...FLOATS] });
    expect(opened.torch.structure).toEqual({ a: { w: { $tensor: 'a.w' } } });
    expect(told(opened)).toEqual([]);
  });

  it('are windows on the file, unless a protocol spells them as text', async () => {
    for (const [protocol, inFile] of [
      [4, true],
      [2, false],
    ] as const) {
      const opened = await openBare(fixture(`torch-protocol-${protocol}.pkl`));
      const { data } = opened.model.tensors.get('weight')!;
      expect(data.locate !== undefined).toBe(inFile);
    }
  });

  it('keep their keys apart', async () => {
    const nest = (byte: number) =>
      loadFromBytes(nestOf({ top: tensor(), storages: [[4, new Uint8Array(16).fill(byte)]] }));
    const opened = await openBare(bare(list(nest(1), nest(2))));
    expect(await bytesOf(opened)).toEqual({ 0: new Array(16).fill(1), 1: new Array(16).fill(2) });
  });

  it('tie the tensors in them, and note what is shared', async () => {
    const two = tuple(2);
    const top = list(tensor(), tensor(), tensor({ size: two }), tensor({ offset: 2, size: two }));
    const opened = await openBare(bare(loadFromBytes(nestOf({ top }))));
    expect([...opened.model.aliases]).toEqual([['1', '0']]);
    expect([...opened.model.tensors.keys()]).toEqual(['0', '2', '3']);
    expect(told(opened)).toContain('shared-storage 0');
  });

  it('have storages that are parts of others', async () => {
    const part: PickleValue = {
      kind: 'persistent',
      id: tuple('storage', global('torch', 'FloatStorage'), '0', 'cpu', 4, tuple('7', 1, 2)),
    };
    const top = tensor({ storage: part, size: tuple(2) });
    const opened = await openBare(inNest(nestOf({ top })));
    expect(await bytesOf(opened)).toEqual({ a: [...FLOATS.subarray(4, 12)] });
  });

  it('are found in checkpoints of torch.save too, also within each other', async () => {
    const inner = nestOf({ top: tensor() });
    const outer = nestOf({ top: loadFromBytes(inner), keys: [], storages: [] });
    const opened = await open(await file(dict(['a', loadFromBytes(outer)]), {}));
    expect(await bytesOf(opened)).toEqual({ a: [...FLOATS] });
  });

  it('are told of by the names that they use, with their place in the file', async () => {
    const bytes = inNest(nestOf({ top: dict(['f', call(global('posix', 'getcwd'))], ['w', tensor()]) }));
    const { issues } = await openBare(bytes);
    const [issue] = issues.filter(({ code }) => code === 'opaque');
    const offset = Number(/byte (\d+)/.exec(issue!.message)![1]);
    expect(issue!.subject).toBe('posix.getcwd');
    expect(new TextDecoder('latin1').decode(bytes.subarray(offset, offset + 14))).toBe('cposix\ngetcwd\n');
  });

  it('are kept as data where they are no such file, and told of', async () => {
    const opened = await openBare(inNest(assemble(call(global('posix', 'getcwd')), { protocol: 2 })));
    expect(told(opened)).toEqual(['opaque torch.storage._load_from_bytes', 'opaque posix.getcwd']);
  });

  it.each<[string, Uint8Array, string]>([
    ['another version', nestOf({ top: tensor(), version: 1002 }), 'malformed x.pt'],
    ['no storage', nestOf({ top: tensor(), keys: [], storages: [] }), 'malformed x.pt'],
    ['a storage that nobody asks for', nestOf({ top: 'text' }), 'malformed x.pt@'],
    ['another count of elements', nestOf({ top: tensor(), storages: [[3, FLOATS]] }), 'malformed x.pt@'],
    ['a negative count', nestOf({ top: tensor(), storages: [[-1, FLOATS]] }), 'limit x.pt@'],
    ['too few bytes', nestOf({ top: tensor(), storages: [[4, FLOATS.subarray(1)]] }), 'truncated x.pt@'],
    ['bytes behind', nestOf({ top: tensor(), storages: [[4, new Uint8Array(17)]] }), 'malformed x.pt'],
    [
      'one storage of two lengths',
      nestOf({ top: list(tensor(), tensor({ storage: storage({ numel: 3 }) })) }),
      'malformed x.pt',
    ],
  ])('are refused with %s', async (_, nest, refusal) => {
    expect(await refusedBare(inNest(nest))).toMatch(new RegExp(`^${refusal}`));
  });

  it.each([
    ['before it', -1, 2],
    ['behind its end', 3, 2],
    ['longer than it', 0, 5],
  ])('are refused with a part that lies %s', async (_, offset, numel) => {
    const id = tuple('storage', global('torch', 'FloatStorage'), '0', 'cpu', 4, tuple('7', offset, numel));
    const top = tensor({ storage: { kind: 'persistent', id }, size: tuple(1) });
    expect(await refusedBare(inNest(nestOf({ top })))).toBe('malformed x.pt');
  });

  it('are not opened deeper than any honest one', async () => {
    let nest = nestOf({ top: tensor() });
    for (let depth = 0; depth < 12; depth++)
      nest = nestOf({ top: loadFromBytes(nest), keys: [], storages: [] });
    expect(await refusedBare(bare(loadFromBytes(nest)))).toMatch(/^limit x.pt@/);
  });

  it('are opened once, however often the pickle asks for the same bytes', async () => {
    const shared = nestOf({ top: tensor() });
    const calls = Array.from({ length: 2000 }, () => loadFromBytes(shared));
    const opened = await openBare(bare({ kind: 'list', items: calls }));
    expect([opened.model.tensors.size, opened.model.aliases.size]).toEqual([1, 1999]);
  });

  it('cannot give a storage of another length than they have', async () => {
    const foreign = tensor({ storage: storage({ key: 'nest-0/0', numel: 5 }), size: tuple(5) });
    const top = list(loadFromBytes(nestOf({ top: tensor() })), foreign);
    const value = dict(['a', top]);
    await expect(open(await file(value, {}))).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('storages that torch 0.1 pickled as lists', () => {
  const listed = (name: string, ...items: PickleValue[]) =>
    call(utils('_rebuild_tensor'), [
      call(global('torch', name), [list(...items)]),
      0,
      tuple(items.length),
      tuple(1),
    ]);

  it('have their numbers, as each class holds them', async () => {
    const value = dict(
      ['f', listed('FloatStorage', { kind: 'float', value: -2 })],
      ['l', listed('LongStorage', -1)],
      ['b', listed('ByteStorage', 255, 1)],
    );
    expect(await bytesOf(await openBare(bare(value)))).toEqual({
      f: [0, 0, 0, 0xc0],
      l: new Array(8).fill(255),
      b: [255, 1],
    });
  });

  it('are refused where an item is no number', async () => {
    expect(await refusedBare(bare(listed('LongStorage', 'x')))).toBe('malformed x.pt');
    expect(await refusedBare(bare(listed('LongStorage', { kind: 'float', value: 1 })))).toBe(
      'malformed x.pt',
    );
  });
});
