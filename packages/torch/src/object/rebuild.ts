import { elementsOf } from '@torsh/core';
import { isKind, type PickleValue, type PyDict, type PyObject } from '@torsh/pickle';
import { callOf, integer, integers, itemsOf, nameOf } from './arguments.ts';
import { arrayIn } from './array.ts';
import { malformed } from './errors.ts';
import { markedOf } from './marks.ts';
import { ndarrayOf } from './ndarray.ts';
import { storageOf } from './persistent.ts';
import type { Reading } from './reading.ts';
import { dtypes, type ElementType, storageType } from './storage-types.ts';
import type { Storage, View } from './view.ts';

/** A call that makes a tensor. */
export interface Rebuilt {
  /** The tensor's own data, where it has some. */
  readonly view?: View;
  /** The tensors it is made of or wraps: under its own name (`undefined`) or under an addition to it. */
  readonly parts: readonly { readonly suffix: string | undefined; readonly value: PickleValue }[];
  /** Attributes that were put on the tensor: walked like the state of any object. */
  readonly state?: PickleValue;
  /** Why there is nothing to extract. */
  readonly empty?: string;
  /** True for a numpy array. */
  readonly array?: true;
}

type Rebuild = (args: readonly PickleValue[], reading: Reading) => Rebuilt;

const SCHEMES_PER_CHANNEL = new Set(['torch.per_channel_affine', 'torch.per_channel_affine_float_qparams']);
const SPARSE_PARTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['torch.sparse_coo', ['indices', 'values']],
  ['torch.sparse_csr', ['crow_indices', 'col_indices', 'values']],
  ['torch.sparse_bsr', ['crow_indices', 'col_indices', 'values']],
  ['torch.sparse_csc', ['ccol_indices', 'row_indices', 'values']],
  ['torch.sparse_bsc', ['ccol_indices', 'row_indices', 'values']],
]);

const META = 'a meta tensor has a shape but no data';

/** Every function by which torch's pickles make tensors; its arguments are in `torch-formats` order. */
const rebuilds: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ['torch._utils._rebuild_tensor', (args, reading) => emptied(dense(args, reading))],
  [
    'torch._utils._rebuild_tensor_v2',
    (args, reading) => dense(args, reading, { requiresGrad: args[4], metadata: args[6] }),
  ],
  [
    'torch._utils._rebuild_tensor_v3',
    (args, reading) =>
      dense(args, reading, { requiresGrad: args[4], metadata: args[7], type: dtypeOf(args[6]) }),
  ],
  ['torch._utils._rebuild_qtensor', quantised],
  ['torch._utils._rebuild_parameter', ([tensor]) => wrapped(tensor)],
  ['torch._utils._rebuild_parameter_with_state', ([tensor, , , state]) => wrapped(tensor, state)],
  ['torch._utils._rebuild_device_tensor_from_cpu_tensor', ([tensor]) => wrapped(tensor)],
  ['torch.nn.parameter.Parameter', ([tensor]) => wrapped(tensor)],
  ['torch.nn.parameter.Buffer', ([tensor]) => wrapped(tensor)],
  // What torch up to 0.3 had around a tensor that took part in differentiation, such as a buffer.
  ['torch.autograd.variable.Variable', ([tensor]) => wrapped(tensor)],
  [
    'torch.nn.parameter.UninitializedParameter',
    () => ({ parts: [], empty: 'a lazy parameter has no shape before its module is used' }),
  ],
  ['torch._tensor._rebuild_from_type_v2', fromType],
  ['torch.tensor._rebuild_from_type_v2', fromType],
  ['torch._tensor._rebuild_from_type', fromType],
  ['torch.tensor._rebuild_from_type', fromType],
  ['torch._utils._rebuild_sparse_tensor', sparse],
  ['torch._utils._rebuild_sparse_csr_tensor', sparse],
  ['torch._utils._rebuild_nested_tensor', (args) => named(args, ['buffer', 'sizes', 'strides', 'offsets'])],
  ['torch._utils._rebuild_device_tensor_from_numpy', fromNumpy],
  ['torch._utils._rebuild_xla_tensor', fromNumpy],
  ['torch._utils._rebuild_meta_tensor_no_storage', () => ({ parts: [], empty: META })],
  [
    'torch._utils._rebuild_wrapper_subclass',
    () => ({ parts: [], empty: 'a wrapper has a shape but no data of its own' }),
  ],
]);

/** What an object is if it is a tensor; `undefined` for anything else. */
export function rebuild(object: PyObject, reading: Reading): Rebuilt | undefined {
  const call = callOf(object);
  if (call === undefined) return undefined;
  if (reading.table !== undefined) {
    if (call === '__main__.TensorID') return fromTable(object.states[0], reading.table);
    if (call === 'torch.jit._pickle.build_tensor_from_id') {
      return fromTable(itemsOf(object.args, 'The number of a tensor', 1)[0], reading.table);
    }
  }
  const emptyClass = madeEmpty(call, object);
  if (emptyClass !== undefined)
    return oldVariable(emptyClass, object) ?? oldTensor(emptyClass, object, reading);
  const known = rebuilds.get(call);
  if (known === undefined) return arrayIn(object, reading);
  return known(itemsOf(object.args, `The arguments of ${call}`), reading);
}

/** True for the names of functions that make tensors. */
export function isRebuild(name: string): boolean {
  return rebuilds.has(name);
}

/** What a tensor says besides storage, offset, size and stride. */
interface Said {
  readonly requiresGrad?: PickleValue | undefined;
  readonly metadata?: PickleValue | undefined;
  readonly type?: ElementType;
}

/** A tensor of its own data alone. */
const NONE: Rebuilt['parts'] = [];

function dense(args: readonly PickleValue[], reading: Reading, said: Said = {}): Rebuilt {
  const storage = storageArgument(args[0], reading);
  if (storage.location === 'meta') return { parts: [], empty: META };
  const { conj, neg } = flagsOf(said.metadata);
  return {
    parts: NONE,
    view: {
      storage,
      type: said.type ?? storage.type,
      offset: integer(args[1], 'The offset of a tensor'),
      size: integers(args[2], 'The size of a tensor', reading.limits),
      stride: integers(args[3], 'The stride of a tensor', reading.limits),
      requiresGrad: said.requiresGrad === true,
      conj,
      neg,
    },
  };
}

function storageArgument(value: PickleValue | undefined, reading: Reading): Storage {
  if (!isKind(value, 'persistent')) throw malformed('A tensor is made from something that is not a storage.');
  return storageOf(value, reading);
}

function dtypeOf(value: PickleValue | undefined): ElementType {
  const name = nameOf(value);
  const type = name?.startsWith('torch.') ? dtypes.get(name.slice('torch.'.length)) : undefined;
  if (type === undefined)
    throw malformed(`A tensor is of the type ${name ?? 'without a name'}, which torsh does not know.`);
  return type;
}

interface Flags {
  readonly conj: boolean;
  readonly neg: boolean;
}

/** A hostile file can give every tensor the same dictionary of a million keys: it is looked through once. */
const known = new WeakMap<PyDict, Flags>();

/** torch looks whether the key is there, not what it says. */
function flagsOf(said: PickleValue | undefined): Flags {
  const metadata = isKind(said, 'object') ? markedOf(said) : said;
  if (!isKind(metadata, 'dict')) return { conj: false, neg: false };
  const flags = known.get(metadata) ?? {
    conj: metadata.keys.includes('conj'),
    neg: metadata.keys.includes('neg'),
  };
  known.set(metadata, flags);
  return flags;
}

function quantised(args: readonly PickleValue[], reading: Reading): Rebuilt {
  const lying = dense(args, reading, { requiresGrad: args[5] });
  const [scheme, scales, zeroPoints] = itemsOf(args[4], 'The parameters of a quantised tensor', 1);
  const perChannel = SCHEMES_PER_CHANNEL.has(nameOf(scheme) ?? '');
  const parts = perChannel
    ? [
        { suffix: 'scales', value: scales ?? null },
        { suffix: 'zero_points', value: zeroPoints ?? null },
      ]
    : [];
  return { ...lying, parts };
}

function wrapped(tensor: PickleValue | undefined, state?: PickleValue): Rebuilt {
  const parts = [{ suffix: undefined, value: tensor ?? null }];
  return state === undefined ? { parts } : { parts, state };
}

/** `func(*args)`, then a class and attributes around it: a tensor of another class, or with something written on it. */
function fromType([func, , args, state]: readonly PickleValue[], reading: Reading): Rebuilt {
  const inner: PyObject = {
    kind: 'object',
    how: 'reduce',
    callee: func ?? null,
    args: args ?? null,
    states: [],
    items: [],
    keys: [],
    values: [],
  };
  // One around another is a part: the walk counts how deep they go.
  const again = rebuilds.get(nameOf(func) ?? '') === fromType;
  const part = (value: PickleValue): Rebuilt => ({ parts: [{ suffix: undefined, value }] });
  const rebuilt = again ? part(inner) : (rebuild(inner, reading) ?? part(args ?? null));
  return state === undefined ? rebuilt : { ...rebuilt, state };
}

function sparse(args: readonly PickleValue[]): Rebuilt {
  const [layout, data] = args;
  if (typeof layout === 'number') return sparseByNumber(layout, args);
  const call =
    callOf(layout) === 'torch.serialization._get_layout'
      ? itemsOf((layout as PyObject).args, 'A sparse layout', 1)[0]
      : undefined;
  const names = typeof call === 'string' ? SPARSE_PARTS.get(call) : undefined;
  if (names === undefined) throw malformed('A sparse tensor is of a layout that torsh does not know.');
  return named(itemsOf(data, 'The parts of a sparse tensor', names.length), names);
}

/** TorchScript: (number of the layout, size, requires_grad, parts …, hooks). It can write no other layouts than these. */
function sparseByNumber(layout: number, args: readonly PickleValue[]): Rebuilt {
  const names = SPARSE_PARTS.get(['', 'torch.sparse_coo', 'torch.sparse_csr'][layout] ?? '');
  if (names === undefined)
    throw malformed(`A sparse tensor is of the layout ${layout}, which torsh does not know.`);
  return named(
    itemsOf({ kind: 'tuple', items: args.slice(3) }, 'The parts of a sparse tensor', names.length),
    names,
  );
}

/** torch 1.2 and older keep the tensors of a pickle in a table beside it, and their numbers in the pickle. */
function fromTable(id: PickleValue | undefined, table: readonly PickleValue[]): Rebuilt {
  const value = table[integer(id, 'The number of a tensor')];
  if (value === undefined)
    throw malformed(`A tensor is number ${id} of a table with ${table.length} tensors.`);
  return { parts: [{ suffix: undefined, value }] };
}

/** Tensors of devices that torch could not copy from: their values came along as a numpy array inside of the pickle. */
function fromNumpy([value, dtype, , requiresGrad]: readonly PickleValue[], reading: Reading): Rebuilt {
  const array = ndarrayOf(value, reading.limits);
  const type = dtypeOf(dtype);
  if (array === undefined || array.type !== type || array.bigEndian) {
    return {
      parts: [],
      empty: 'its numpy array is of another type than the tensor; it is kept in the structure',
    };
  }
  const numel = elementsOf(array.shape);
  const storage = {
    key: '',
    record: '',
    className: '',
    type,
    location: 'cpu',
    numel,
    bytes: array.bytes,
  };
  const rest = { offset: 0, requiresGrad: requiresGrad === true, conj: false, neg: false };
  return { parts: [], view: { storage, type, size: array.shape, stride: array.strides, ...rest } };
}

function named(values: readonly PickleValue[], names: readonly string[]): Rebuilt {
  return { parts: names.map((suffix, index) => ({ suffix, value: values[index] ?? null })) };
}

/** The class of an object that is made empty and then given a state; protocols 0 and 1 have functions for that. */
export function madeEmpty(call: string, { how, args }: PyObject): string | undefined {
  if (how === 'newobj') return call;
  if (!isKind(args, 'tuple')) return undefined;
  const [cls, base, content] = args.items;
  if (call === 'copyreg.__newobj__') return args.items.length === 1 ? nameOf(cls) : undefined;
  if (call !== 'copyreg._reconstructor') return undefined;
  return nameOf(base) === 'builtins.object' && content === null ? nameOf(cls) : undefined;
}

/** torch 0.1: `torch.FloatTensor` made empty, then given (storage, offset, size, stride). */
function oldTensor(call: string, { states }: PyObject, reading: Reading): Rebuilt | undefined {
  const match = /^torch(?:\.cuda)?\.([A-Za-z0-9]+)Tensor$/.exec(call);
  if (match === null || storageType(`${match[1]}Storage`) === undefined || !isKind(states[0], 'tuple'))
    return undefined;
  return emptied(dense(itemsOf(states[0], 'The state of a tensor', 4), reading));
}

/** Before torch 0.4 there were no scalars: a tensor without dimensions was one without elements. */
function emptied(rebuilt: Rebuilt): Rebuilt {
  const { view } = rebuilt;
  if (view === undefined || view.size.length > 0 || view.stride.length > 0 || view.storage.numel !== 0)
    return rebuilt;
  return { ...rebuilt, view: { ...view, size: [0], stride: [1] } };
}

const VARIABLES = new Set(['torch.nn.parameter.Parameter', 'torch.autograd.variable.Variable']);

/** torch 0.1 and 0.2: a parameter made empty, then given (tensor, gradient, hooks, requires_grad, volatile). */
function oldVariable(call: string, { states }: PyObject): Rebuilt | undefined {
  const [state] = states;
  if (!VARIABLES.has(call) || !isKind(state, 'tuple') || state.items.length !== 5) return undefined;
  const [tensor, gradient] = state.items;
  const own = { suffix: undefined, value: tensor ?? null };
  return { parts: gradient === null ? [own] : [own, { suffix: 'grad', value: gradient ?? null }] };
}
