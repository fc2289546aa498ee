import { type ByteSource, defaultLimits, fromBytes } from '@torsh/bytes';
import { assemble, interpret, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import {
  pyCall,
  pyDict,
  pyFloat,
  pyGlobal,
  pyObject,
  pyOrderedDict,
  pyStorage,
  pyTensor,
  pyTuple,
  pyValue,
} from '../../src/index.ts';

/** The value as Python would have it: written as a pickle, and read again. */
const again = (value: PickleValue) =>
  interpret(assemble(value, { protocol: 4 }), defaultLimits, {
    resolve: (id) => ({ kind: 'persistent', id }),
  }).value;

describe('pyValue', () => {
  it.each([
    ['null', null, null],
    ['a truth value', true, true],
    ['text', 'é\u{1f600}', 'é\u{1f600}'],
    ['a whole number', 5, 5],
    ['the largest safe number', 2 ** 53 - 1, 2 ** 53 - 1],
    ['a number that is too large to be whole for sure', 2 ** 53, pyFloat(2 ** 53)],
    ['a large whole number', 2n ** 80n, 2n ** 80n],
    ['a fraction', 0.5, pyFloat(0.5)],
    ['minus zero', -0, pyFloat(-0)],
    ['not a number', Number.NaN, pyFloat(Number.NaN)],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    ['an array', [1, [2]], { kind: 'list', items: [1, { kind: 'list', items: [2] }] }],
    ['a set', new Set(['a']), { kind: 'set', items: ['a'] }],
    ['an object', { a: 1, b: null }, { kind: 'dict', keys: ['a', 'b'], values: [1, null] }],
    ['an object with a kind of its own', { kind: 'cat' }, { kind: 'dict', keys: ['kind'], values: ['cat'] }],
    ['a map', new Map([[1, [2]]]), { kind: 'dict', keys: [1], values: [{ kind: 'list', items: [2] }] }],
    ['values of Python inside', [pyTuple(1, [2])], { kind: 'list', items: [pyTuple(1, [2])] }],
  ])('turns %s into what Python has for it', (_, value, expected) => {
    expect(pyValue(value)).toEqual(expected);
    expect(again(pyValue(value))).toEqual(expected);
  });

  it('keeps what is shared, and cycles', () => {
    const inner = [1];
    const outer: unknown[] = [inner, inner];
    outer.push(outer);
    const list = pyValue(outer);
    if (typeof list !== 'object' || list === null || !('items' in list)) throw new Error('no list');
    expect(list.items[1]).toBe(list.items[0]);
    expect(list.items[2]).toBe(list);
  });

  it('is not stopped by depth', () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => pyValue(deep)).not.toThrow();
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a date', new Date(0)],
    ['numbers that should be a tensor', new Float32Array(1)],
  ])('refuses %s', (_, value) => expect(() => pyValue([value])).toThrow(TypeError));
});

it('makes containers, calls and objects', () => {
  expect(pyDict([[pyTuple(1, 2), ['x']]])).toEqual({
    kind: 'dict',
    keys: [pyTuple(1, 2)],
    values: [{ kind: 'list', items: ['x'] }],
  });
  expect(pyOrderedDict([['a', 1]])).toMatchObject({
    callee: pyGlobal('collections', 'OrderedDict'),
    keys: ['a'],
  });
  expect(pyCall('builtins', 'complex', 0.5, pyFloat(1))).toMatchObject({
    how: 'reduce',
    args: pyTuple(0.5, pyFloat(1)),
  });
  expect(pyObject('m', 'C', { x: 1 })).toMatchObject({
    how: 'newobj',
    states: [{ kind: 'dict', keys: ['x'] }],
  });
});

describe('pyTensor', () => {
  const argumentsOf = (tensor: ReturnType<typeof pyTensor>) =>
    (tensor.args as { items: PickleValue[] }).items;

  it('has all numbers in one row unless told otherwise', () => {
    const [storage, offset, size, stride, requiresGrad] = argumentsOf(pyTensor(new Float32Array(6)));
    expect(storage).toMatchObject({
      kind: 'persistent',
      id: { items: ['storage', pyGlobal('torch', 'FloatStorage'), '', 'cpu', 6] },
    });
    expect([offset, size, stride, requiresGrad]).toEqual([0, pyTuple(6), pyTuple(1), false]);
  });

  it('has the type of its numbers', () => {
    const storage = (tensor: ReturnType<typeof pyTensor>) => argumentsOf(tensor)[0];
    expect(storage(pyTensor(new BigInt64Array(1)))).toMatchObject({
      id: { items: { 1: pyGlobal('torch', 'LongStorage') } },
    });
    // Newer types have no storages of their own.
    const unsigned = pyTensor(new Uint16Array(3));
    expect(storage(unsigned)).toMatchObject({
      id: { items: { 1: pyGlobal('torch.storage', 'UntypedStorage'), 4: 6 } },
    });
    expect(argumentsOf(unsigned)[2]).toEqual(pyTuple(3));
    expect(argumentsOf(unsigned)[6]).toEqual(pyGlobal('torch', 'uint16'));
  });

  it('looks at a storage with a shape and strides', () => {
    const storage = pyStorage(fromBytes(new Uint8Array(12)), 'BF16');
    const tensor = pyTensor(storage, { shape: [2, 2], stride: [1, 2], offset: 1, requiresGrad: true });
    expect(argumentsOf(tensor).slice(1, 5)).toEqual([1, pyTuple(2, 2), pyTuple(1, 2), true]);
  });

  it('knows where the numbers are', async () => {
    const numbers = new Float32Array([1, 2, 3]).subarray(1);
    const { bytes } = argumentsOf(pyTensor(numbers))[0] as { bytes?: ByteSource };
    expect(new Float32Array((await bytes!.read(0, 8)).slice().buffer)).toEqual(Float32Array.of(2, 3));
  });

  it.each([
    ['more than there is', { shape: [7] }],
    ['behind the end', { shape: [6], offset: 1 }],
    ['strides that lead out', { shape: [2, 3], stride: [4, 1] }],
    ['a negative size', { shape: [-1] }],
    ['half a size', { shape: [0.5] }],
    ['strides without their sizes', { shape: [6], stride: [1, 1] }],
  ])('refuses %s', (_, options) => expect(() => pyTensor(new Float32Array(6), options)).toThrow(TypeError));

  it('refuses types that torch lacks, and bytes that are no whole number of elements', () => {
    expect(() => pyStorage(fromBytes(new Uint8Array(4)), 'F6_E2M3')).toThrow(TypeError);
    expect(() => pyStorage(fromBytes(new Uint8Array(5)), 'F32')).toThrow(TypeError);
  });
});
