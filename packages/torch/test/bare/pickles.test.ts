import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, global, list } from '../support.ts';
import { bytesOf, concatenated, fixture, openBare, refusedBare, told } from './support.ts';

const text = (content: string) => new TextEncoder().encode(content);

describe('files of several pickles', () => {
  it('are one object with all of them, of the lowest of their protocols', async () => {
    const opened = await openBare(fixture('several.pkl'));
    expect([...opened.model.tensors.keys()]).toEqual(['0.w', '1.0']);
    expect(opened.torch).toMatchObject({ kind: 'pickle', pickles: 3, protocol: 0 });
    expect(opened.torch.structure).toEqual([
      { step: 1, w: { $ndarray: '0.w', dtype: '<f8' } },
      [{ $ndarray: '1.0', dtype: '|i1', buffer: 'bytearray' }],
      'done',
    ]);
  });

  it('tell of what each of them uses, with its place', async () => {
    const first = assemble(list(call(global('posix', 'getcwd'))));
    const bytes = concatenated(first, assemble(list(call(global('os', 'remove')))));
    const { issues } = await openBare(bytes);
    const opaque = issues.filter(({ code }) => code === 'opaque');
    expect(opaque.map(({ subject }) => subject)).toEqual(['posix.getcwd', 'os.remove']);
    expect(opaque[1]!.message).toContain(`byte ${new TextDecoder('latin1').decode(bytes).indexOf('cos\n')}`);
  });

  it('may end in other bytes, which are not kept: a loss', async () => {
    const hidden = concatenated(text('junk'), assemble(list(call(global('posix', 'getcwd')))));
    const opened = await openBare(concatenated(assemble(list(1)), hidden));
    expect(told(opened)).toContain('bytes-behind-pickle x.pt');
    expect(told(opened)).toContain('opaque posix.getcwd');
    expect(opened.issues.find(({ code }) => code === 'bytes-behind-pickle')!.severity).toBe('loss');
  });

  it('are bounded in number', async () => {
    const many = concatenated(...Array.from({ length: 5 }, () => assemble(list())));
    expect(await refusedBare(many, { entries: 4 })).toBe(`limit x.pt@${(many.length / 5) * 4}`);
  });
});

describe('pickles without a tensor', () => {
  it('are opened, for to know what they are', async () => {
    const { model, torch, archive } = await openBare(fixture('no-tensor.pkl'));
    expect(model.tensors.size).toBe(0);
    expect(torch.structure).toEqual({ lr: 0.1, steps: [1, 2, 3] });
    expect(archive.incidental.size).toBe(0);
  });

  it('are refused above the limit, which can be raised', async () => {
    const bytes = fixture('no-tensor.pkl');
    expect(await refusedBare(bytes, { pickleBytes: bytes.length - 1 })).toMatch(/^limit/);
    expect((await openBare(bytes, { pickleBytes: bytes.length })).model.tensors.size).toBe(0);
  });
});

describe('files of joblib', () => {
  const wrapper = (state: PickleValue) =>
    call(global('joblib.numpy_pickle', 'NumpyArrayWrapper'), [], { how: 'newobj', states: [state] });
  const dtype = call(global('numpy', 'dtype'), ['i2', false, true], { states: [dict()] });
  const type = call(global('numpy', 'dtype'), ['i2', false, true]);
  const said = (...rest: readonly (readonly [PickleValue, PickleValue])[]) =>
    dict(['shape', { kind: 'tuple', items: [3] }], ['order', 'C'], ['dtype', type], ...rest);

  /** The array stands in front of STOP, right behind the BUILD of what announces it. */
  const withArray = (state: PickleValue, content: Uint8Array) => {
    const pickle = assemble(wrapper(state), { protocol: 2 });
    return concatenated(pickle.subarray(0, -1), content, pickle.subarray(-1));
  };
  const numbers = Uint8Array.of(1, 2, 3, 4, 5, 6);

  it('have their arrays between the opcodes', async () => {
    const opened = await openBare(withArray(said(), numbers));
    expect(await bytesOf(opened)).toEqual({ array: [...numbers] });
  });

  it('align them with as many bytes as the first one says', async () => {
    const padded = concatenated(Uint8Array.of(2, 0xff, 0xff), numbers);
    const opened = await openBare(withArray(said(['numpy_array_alignment_bytes', 16]), padded));
    expect(await bytesOf(opened)).toEqual({ array: [...numbers] });
  });

  it('are windows on the file', async () => {
    const { model } = await openBare(fixture('joblib.joblib'));
    expect(model.tensors.get('weight')!.data.locate).toBeDefined();
  });

  it.each<[string, PickleValue, Uint8Array, RegExp]>([
    ['an array that is cut off', said(), numbers.subarray(2), /^truncated x.pt@/],
    ['an array without a type', dict(['shape', 3]), numbers, /^malformed x.pt@/],
    ['a type that is no type', dict(['dtype', 'i2']), numbers, /^malformed x.pt@/],
    ['a type with no state', dict(['dtype', dtype]), numbers, /^malformed x.pt/],
    ['a negative shape', said(['shape', { kind: 'tuple', items: [-3] }]), numbers, /^truncated x.pt@/],
  ])('are refused with %s', async (_, state, content, refusal) => {
    expect(await refusedBare(withArray(state, content))).toMatch(refusal);
  });
});
