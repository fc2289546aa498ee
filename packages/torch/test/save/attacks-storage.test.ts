import type { PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import {
  call,
  dict,
  FOUR_FLOATS,
  file,
  global,
  list,
  open,
  openAndRead,
  ordered,
  type Records,
  refusal,
  refused,
  storage,
  tensor,
  tuple,
  utils,
} from '../support.ts';

const BIG = 2n ** 53n;
const HUGE = 2n ** 200n;
const MAX = Number.MAX_SAFE_INTEGER;

type Case = readonly [what: string, value: PickleValue, records?: Records];

/** Every file of a table is refused, and the refusal says where. */
const allRefused = (expected: string, cases: readonly Case[]): void => {
  const table = cases.map(([what, value, records]) => ({ what, value, records }));
  it.each(table)(`$what: ${expected}`, async ({ value, records }) => {
    expect(await refused(await file(dict(['a', value]), records))).toBe(expected);
  });
};

describe('a storage and its record', () => {
  allRefused('malformed data/0', [
    ['the record is shorter', tensor(), { 'data/0': new Uint8Array(15) }],
    ['the record is longer', tensor(), { 'data/0': new Uint8Array(17) }],
    ['the record is empty', tensor(), { 'data/0': new Uint8Array(0) }],
    ['the record is missing', tensor(), {}],
    ['the record is of twice the width', tensor({ storage: storage({ type: 'DoubleStorage' }) })],
    ['the storage has no elements', tensor({ storage: storage({ numel: 0 }) })],
    ['the storage has a negative length', tensor({ storage: storage({ numel: -4 }) })],
    ['the storage has a length whose bytes are above 2^53', tensor({ storage: storage({ numel: MAX }) })],
    [
      'one storage under two classes of one width',
      list(tensor(), tensor({ storage: storage({ type: 'IntStorage' }) })),
    ],
    [
      'one storage with two lengths',
      list(tensor(), tensor({ storage: storage({ numel: 3 }), size: tuple(3) })),
    ],
    ['a storage by itself, of another length', storage({ numel: 5 })],
  ]);

  it('is named, and not looked for, outside of the folder', async () => {
    for (const key of ['../data/0', '/etc/passwd', '__proto__', 'constructor', '']) {
      const error = await refusal(await file(dict(['a', tensor({ storage: storage({ key }) })])));
      expect([error.code, error.path]).toEqual(['malformed', `data/${key}`]);
      expect(error.message).toContain(`data/${key} is missing`);
    }
  });

  it('may be called by a number, as in a package', async () => {
    const { model } = await openAndRead(await file(dict(['a', tensor({ storage: storage({ key: 0 }) })])));
    expect([...model.tensors.keys()]).toEqual(['a']);
  });
});

describe('what is not a storage', () => {
  const persistent = (id: PickleValue): PickleValue => ({ kind: 'persistent', id });
  allRefused('malformed data.pkl', [
    ['a persistent id that is a text', persistent('storage')],
    ['a persistent id that is a number', persistent(7)],
    ['a persistent id of another kind', persistent(tuple('module', 'm.py', 'source'))],
    ['an empty persistent id', persistent(tuple())],
    [
      'a persistent id that is a list',
      persistent(list('storage', global('torch', 'FloatStorage'), '0', 'cpu', 4)),
    ],
  ]);
  allRefused('malformed data.pkl', [
    ['a class that is no storage', storage({ type: 'BarStorage' }, 'foo')],
    ['a class that is called like a thing of every object', storage({ type: 'constructor' })],
    ['a class that is a text', { kind: 'persistent', id: tuple('storage', 'FloatStorage', '0', 'cpu', 4) }],
    [
      'a class that is made by a call',
      storage({ type: call(global('builtins', 'getattr'), ['torch', 'x']) }),
    ],
    ['no key', { kind: 'persistent', id: tuple('storage', global('torch', 'FloatStorage')) }],
    ['a key that is a tuple', storage({ key: tuple('0') })],
    ['a length that is a text', storage({ numel: '4' })],
    ['a length that is a float', storage({ numel: { kind: 'float', value: 4 } })],
    ['no length', { kind: 'persistent', id: tuple('storage', global('torch', 'FloatStorage'), '0', 'cpu') }],
    ['a length of 2^53', storage({ numel: BIG })],
    ['a length of 2^200', storage({ numel: HUGE })],
    ['a tensor on a list of numbers', tensor({ storage: list(1, 2, 3, 4) })],
    ['a tensor on None', tensor({ storage: null })],
    ['a tensor on a tensor', tensor({ storage: tensor() })],
  ]);

  it('gives a device that is not a text as the processor', async () => {
    const { torch } = await open(await file(dict(['a', tensor({ storage: storage({ location: 7 }) })])));
    expect(torch.structure).toEqual({ a: { $tensor: 'a' } });
  });
});

describe('a view that leaves its storage', () => {
  const view = (offset: PickleValue, size: readonly PickleValue[], stride: readonly PickleValue[]) =>
    tensor({ offset, size: tuple(...size), stride: tuple(...stride) });
  allRefused('malformed data/0', [
    ['one element too many', view(0, [5], [1])],
    ['an offset of one', view(1, [4], [1])],
    ['an offset behind the end', view(4, [1], [1])],
    ['an offset of 2^53 - 1', view(MAX, [1], [1])],
    ['a scalar behind the end', view(4, [], [])],
    ['a stride of two', view(0, [3], [2])],
    ['a last row that is half there', view(0, [2, 3], [2, 1])],
    ['10^9 elements', view(0, [1e9], [1])],
    ['a stride of 10^9', view(0, [2], [1e9])],
    ['a stride whose product is above 2^53', view(0, [MAX, MAX], [MAX, MAX])],
    ['a negative offset', view(-1, [1], [1])],
    ['a negative size', view(0, [-4], [1])],
    ['two negative sizes, whose product is positive', view(0, [-2, -2], [2, 1])],
    ['a negative stride', view(3, [4], [-1])],
    ['a negative size beside an empty one', view(0, [0, -1], [1, 1])],
    ['fewer strides than sizes', view(0, [2, 2], [1])],
    ['more strides than sizes', view(0, [4], [1, 1])],
    ['strides without sizes', view(0, [], [1])],
  ]);
  allRefused('malformed data.pkl', [
    ['an offset of 2^53', view(BIG, [1], [1])],
    ['an offset of 2^200', view(HUGE, [1], [1])],
    ['an offset of -2^53', view(-BIG, [1], [1])],
    ['a size of 2^53', view(0, [BIG], [1])],
    ['a stride of 2^200', view(0, [1], [HUGE])],
    ['an offset that is a float', view({ kind: 'float', value: 0 }, [4], [1])],
    ['an offset that is None', view(null, [4], [1])],
    ['an offset that is True', view(true, [1], [1])],
    ['a size of texts', view(0, ['4'], [1])],
    ['a size that is a number', tensor({ size: 4 })],
    ['a size that is a set', tensor({ size: { kind: 'set', items: [4] } })],
    ['a size that is a torch.Size of nothing', tensor({ size: call(global('torch', 'Size')) })],
    ['a stride that is None', tensor({ stride: null })],
  ]);

  it('is fine if it has no elements, wherever it says that it begins', async () => {
    const { model } = await openAndRead(await file(dict(['a', view(1000, [0, 3], [7, 9])])));
    expect(model.tensors.get('a')).toMatchObject({ shape: [0, 3], data: { size: 0 } });
  });

  it('is fine if a stride that is never taken is beyond everything', async () => {
    const { model } = await openAndRead(await file(dict(['a', view(3, [1], [MAX])])));
    expect(model.tensors.get('a')).toMatchObject({ shape: [1], data: { size: 4 } });
  });
});

describe('packed values', () => {
  const packed = (offset: number, size: number, stride: number, numel: number) =>
    call(utils('_rebuild_qtensor'), [
      storage({ type: 'QUInt4x2Storage', numel }),
      offset,
      tuple(size),
      tuple(stride),
      tuple(global('torch', 'per_tensor_affine'), { kind: 'float', value: 1 }, 0),
      false,
      ordered(),
    ]);
  allRefused('malformed data/0', [
    ['one value behind the last byte', packed(0, 33, 1, 16)],
    ['an offset inside of a byte', packed(1, 2, 1, 16)],
    ['every second value', packed(0, 4, 2, 16)],
  ]);

  it('may fill a part of their last byte', async () => {
    const { model } = await openAndRead(await file(dict(['a', packed(0, 31, 1, 16)]), FOUR_FLOATS));
    expect(model.tensors.get('a')).toMatchObject({ dtype: 'QU4X2', shape: [31], data: { size: 16 } });
  });
});

describe('more than the file has', () => {
  it('refuses a tensor of a terabyte from four bytes', async () => {
    const expanded = tensor({ size: tuple(2 ** 38), stride: tuple(0) });
    expect(await refused(await file(dict(['a', expanded])))).toBe('limit data/0');
  });

  it('refuses a product of sizes above 2^53', async () => {
    const expanded = tensor({ size: tuple(MAX, MAX), stride: tuple(0, 0) });
    expect(await refused(await file(dict(['a', expanded])))).toBe('limit data/0');
  });

  it('counts views together: each is small, and they are many', async () => {
    // 200 different windows of 100 kB on one storage of 101 kB.
    const shared = storage({ numel: 101_000, type: 'ByteStorage' });
    const views = Array.from({ length: 200 }, (_, offset) =>
      tensor({ storage: shared, offset, size: tuple(100_000) }),
    );
    const bytes = await file(list(...views), { 'data/0': new Uint8Array(101_000) });
    const limits = { expandedBytes: 2 ** 20 };
    expect(await refused(bytes, { ...limits, expansionRatio: 16 })).toBe('limit data/0');
    const { model } = await open(bytes, { ...limits, expansionRatio: 200 });
    expect(model.tensors.size).toBe(200);
  });

  it('takes equal views of one storage as one, however many they are', async () => {
    const shared = storage();
    const views = Array.from({ length: 1000 }, () => tensor({ storage: shared }));
    const { model } = await openAndRead(await file(list(...views)), { expandedBytes: 0, expansionRatio: 1 });
    expect([model.tensors.size, model.aliases.size]).toEqual([1, 999]);
  });
});
