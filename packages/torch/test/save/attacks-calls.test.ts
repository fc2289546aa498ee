import { defaultLimits } from '@torsh/bytes';
import type { PickleValue, PyDict } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { rebuild } from '../../src/object/rebuild.ts';
import {
  call,
  dict,
  file,
  global,
  list,
  openAndRead,
  ordered,
  refused,
  storage,
  tensor,
  tuple,
  utils,
} from '../support.ts';

type Case = readonly [what: string, value: PickleValue];

const allRefused = (expected: string, cases: readonly Case[]): void => {
  it.each(cases)(`%s: ${expected}`, async (_, value) => {
    expect(await refused(await file(dict(['a', value])))).toBe(expected);
  });
};

const torch = (name: string) => global('torch', name);
const float = (value: number): PickleValue => ({ kind: 'float', value });
const layout = (name: PickleValue) => call(global('torch.serialization', '_get_layout'), [name]);
const CSR = layout('torch.sparse_csr');

describe('a call that makes a tensor, with too few arguments or wrong ones', () => {
  allRefused('malformed data.pkl', [
    ['v2 without arguments', call(utils('_rebuild_tensor_v2'))],
    ['v2 with a storage only', call(utils('_rebuild_tensor_v2'), [storage()])],
    ['v2 without strides', call(utils('_rebuild_tensor_v2'), [storage(), 0, tuple(4)])],
    ['v2 whose arguments are None', call(utils('_rebuild_tensor_v2'), [], { args: null })],
    ['v2 whose arguments are a text', call(utils('_rebuild_tensor_v2'), [], { args: 'abcdefg' })],
    ['v2 whose arguments are a dictionary', call(utils('_rebuild_tensor_v2'), [], { args: dict([0, 1]) })],
    ['v1 without strides', call(utils('_rebuild_tensor'), [storage(), 0, tuple(4)])],
    [
      'v3 without a type',
      call(utils('_rebuild_tensor_v3'), [storage(), 0, tuple(4), tuple(1), false, ordered()]),
    ],
    ['v3 with the type "float32"', v3('float32')],
    ['v3 with a type that does not exist', v3(torch('float31'))],
    ['v3 with a type from somewhere else', v3(global('numpy', 'float32'))],
    ['v3 with a type called like a thing of every object', v3(torch('__proto__'))],
    [
      'a quantised tensor without parameters',
      call(utils('_rebuild_qtensor'), [storage(), 0, tuple(4), tuple(1)]),
    ],
    ['a quantised tensor with empty parameters', quantised(tuple())],
    ['a quantised tensor whose parameters are a text', quantised('torch.per_tensor_affine')],
    ['a quantised tensor whose parameters are a scheme', quantised(torch('per_tensor_affine'))],
    ['a sparse tensor without arguments', call(utils('_rebuild_sparse_tensor'))],
    [
      'a sparse tensor of a layout by another name',
      sparse(layout('torch.sparse_xyz'), tuple(tensor(), tensor())),
    ],
    [
      'a sparse tensor of a layout called like a thing of every object',
      sparse(layout('constructor'), tuple(tensor())),
    ],
    ['a sparse tensor whose layout is a text', sparse('torch.sparse_coo', tuple(tensor(), tensor()))],
    ['a sparse tensor whose layout is a number', sparse(layout(0), tuple(tensor(), tensor()))],
    ['a layout without a name', sparse(call(global('torch.serialization', '_get_layout')), tuple(tensor()))],
    ['a sparse tensor of too few parts', sparse(CSR, tuple(tensor(), tensor()))],
    ['a sparse tensor whose parts are a tensor', sparse(CSR, tensor())],
    ['a numpy array without its state', fromNumpy(call(global('numpy.core.multiarray', '_reconstruct')))],
    ['a numpy array whose shape is a text', fromNumpy(ndarray({ shape: 'x' }))],
    ['a numpy array whose type has no name', fromNumpy(ndarray({ type: call(global('numpy', 'dtype')) }))],
    ['a numpy array for a type that does not exist', fromNumpy(ndarray(), torch('float31'))],
    ['a tensor of torch 0.1 whose state is too short', oldTensor(tuple(storage(), 0, tuple(4)))],
    ['a tensor of torch 0.1 on a number', oldTensor(tuple(7, 0, tuple(4), tuple(1)))],
  ]);
  allRefused('malformed data.pkl', [
    ['a numpy array with fewer bytes than its shape', fromNumpy(ndarray({ bytes: new Uint8Array(15) }))],
    ['a numpy array with more bytes than its shape', fromNumpy(ndarray({ bytes: new Uint8Array(17) }))],
    ['a numpy array of a negative shape', fromNumpy(ndarray({ shape: tuple(-4) }))],
    ['a numpy array of an endless shape', fromNumpy(ndarray({ shape: tuple(2 ** 50, 2 ** 50) }))],
  ]);
  allRefused('malformed data/0', [
    ['v3 whose type is wider than the class of its storage', v3(torch('float64'))],
    ['v3 whose type is another of the same width', v3(torch('int32'))],
    [
      'v3 on an untyped storage that is too short',
      v3(torch('float64'), storage({ type: 'UntypedStorage', numel: 16 })),
    ],
  ]);
  allRefused('limit data.pkl', [
    ['a size of 5,000 dimensions', tensor({ size: ones(5000), stride: ones(5000) })],
    ['strides of 5,000 dimensions', tensor({ stride: ones(5000) })],
    ['a numpy array of 5,000 dimensions', fromNumpy(ndarray({ shape: ones(5000) }))],
  ]);
});

describe('a call that makes a tensor, with more or other things than torch writes', () => {
  const opened = async (value: PickleValue) => {
    const { model, issues, torch: kept } = await openAndRead(await file(dict(['a', value])));
    return {
      tensors: [...model.tensors.keys()],
      codes: issues.map(({ code }) => code),
      kept: kept.structure,
    };
  };

  it('reads a rank of 1,024', async () => {
    expect((await opened(tensor({ size: ones(1024), stride: ones(1024) }))).tensors).toEqual(['a']);
  });

  it('keeps arguments that it does not know', async () => {
    const args = [storage(), 0, tuple(4), tuple(1), true, ordered(), null, 'surplus', tuple(1)];
    const { tensors, kept } = await opened(call(utils('_rebuild_tensor_v2'), args));
    expect(tensors).toEqual(['a']);
    expect(JSON.stringify(kept)).toContain('"surplus",{"$tuple":[1]}');
  });

  it('looks whether conj and neg are there, as torch does, and not at what they say', async () => {
    const { kept } = await opened(tensor({ metadata: dict(['conj', false], ['neg', 'no']) }));
    expect(kept).toEqual({ a: { $tensor: 'a', conj: true, neg: true } });
  });

  it.each<Case>([
    ['a text', 'conj'],
    ['a list', list('conj', 'neg')],
    ['keys of other types', dict([1, true], [tuple('conj'), true])],
    ['keys that every object has', dict(['__proto__', dict(['conj', 1])], ['constructor', 1])],
  ])('takes metadata that is %s for none', async (_, metadata) => {
    const { tensors, kept } = await opened(tensor({ metadata }));
    expect(tensors).toEqual(['a']);
    expect(JSON.stringify(kept)).not.toMatch(/"(conj|neg)":true/);
  });

  it('looks once through the metadata that many tensors share', () => {
    // A million keys, and two bytes for each further tensor that names them.
    const keys = ['conj'];
    let looks = 0;
    const metadata: PyDict = {
      kind: 'dict',
      get keys() {
        looks++;
        return keys;
      },
      values: [true],
    };
    const reading = { limits: defaultLimits, record: (key: string) => `data/${key}` };
    const first = rebuild(tensor({ metadata }), reading);
    const looked = looks;
    const second = rebuild(tensor({ metadata }), reading);
    expect([first?.view?.conj, second?.view?.conj, looks - looked]).toEqual([true, true, 0]);
  });

  it('takes a scheme of quantisation that it does not know for one without parts', async () => {
    const { tensors } = await opened(quantised(tuple(torch('per_galaxy_affine'), tensor(), tensor())));
    expect(tensors).toEqual(['a']);
  });

  it('takes numbers where the scales of channels should be tensors', async () => {
    const { tensors } = await opened(quantised(tuple(torch('per_channel_affine'), float(1), 0, 0)));
    expect(tensors).toEqual(['a']);
  });

  it('finds no tensor in a parameter around nothing', async () => {
    expect((await opened(call(utils('_rebuild_parameter')))).tensors).toEqual([]);
    expect((await opened(call(utils('_rebuild_parameter'), [null, true, ordered()]))).tensors).toEqual([]);
  });

  it('finds the tensor in a subclass around another function than torch has', async () => {
    const fromType = call(global('torch._tensor', '_rebuild_from_type_v2'), [
      global('my', 'make'),
      global('my', 'Tensor'),
      tuple(tensor(), 3),
      dict(['note', tensor({ size: tuple(2) })]),
    ]);
    const { tensors, codes } = await opened(fromType);
    expect(tensors).toEqual(['a.0', 'a.note']);
    expect(codes.filter((code) => code === 'opaque')).toHaveLength(2);
  });

  it('knows no call by a name that only looks like one of torch', async () => {
    for (const [module, name] of [
      ['torch._utils_', '_rebuild_tensor_v2'],
      ['torch._utils', '_rebuild_tensor_v9'],
      ['evil', '_rebuild_tensor_v2'],
    ] as const) {
      const { tensors, codes } = await opened(call(global(module, name), tensorArguments()));
      // The storage in its arguments is still found, under its place in them.
      expect(tensors).toEqual(['a.0']);
      expect(codes).toContain('opaque');
    }
  });
});

function tensorArguments(): readonly PickleValue[] {
  return (tensor().args as Extract<PickleValue, { kind: 'tuple' }>).items;
}

function ones(rank: number): PickleValue {
  return tuple(...new Array<number>(rank - 1).fill(1), 1);
}

function v3(type: PickleValue, on: PickleValue = storage()): PickleValue {
  return call(utils('_rebuild_tensor_v3'), [on, 0, tuple(4), tuple(1), false, ordered(), type]);
}

function quantised(parameters: PickleValue): PickleValue {
  const on = storage({ type: 'QInt32Storage' });
  return call(utils('_rebuild_qtensor'), [on, 0, tuple(4), tuple(1), parameters, false, ordered()]);
}

function sparse(kind: PickleValue, parts: PickleValue): PickleValue {
  return call(utils('_rebuild_sparse_tensor'), [kind, parts]);
}

function ndarray(parts: { shape?: PickleValue; type?: PickleValue; bytes?: Uint8Array } = {}): PickleValue {
  const f4 = call(global('numpy', 'dtype'), ['f4', false, true], { states: [tuple(3, '<', null)] });
  const { shape = tuple(4), type = f4, bytes = new Uint8Array(16) } = parts;
  return call(global('numpy.core.multiarray', '_reconstruct'), [global('numpy', 'ndarray'), tuple(0), 'b'], {
    states: [tuple(1, shape, type, false, bytes)],
  });
}

function fromNumpy(array: PickleValue, type: PickleValue = torch('float32')): PickleValue {
  return call(utils('_rebuild_device_tensor_from_numpy'), [array, type, 'xla:0', false]);
}

function oldTensor(state: PickleValue): PickleValue {
  return call(torch('FloatTensor'), [], { how: 'newobj', states: [state] });
}
