import { TorshError } from '@torsh/bytes';
import type { Json, JsonObject } from '@torsh/core';
import { isKind, type PickleValue, type PyObject, toJson } from '@torsh/pickle';
import { callOf } from './arguments.ts';
import type { ArrayForm } from './ndarray.ts';
import { storageOf } from './persistent.ts';
import type { Reading } from './reading.ts';
import { madeEmpty } from './rebuild.ts';
import { EXTRA, type Found, type Walked } from './register.ts';
import { UNTYPED } from './storage-types.ts';
import { denseBytes, denseStrides, isDense, type Storage, type View } from './view.ts';
import { wellFormed } from './well-formed.ts';

/**
 * The pickled object as typed JSON, with tensors by name: what a writer needs to give the object back. A plain tensor is
 * `{"$tensor": name}`; one that is not the whole of a storage of its own says where it lies in which storage; a storage
 * in any other place is `{"$storage": key}`. See docs/formats/pytorch.md.
 */
export interface Structure {
  readonly root: Json;
  /** The storages that `root` refers to by key. */
  readonly storages: { readonly [key: string]: Json };
}

export function structureOf(top: PickleValue, walked: Walked, reading: Reading): Structure {
  const { limits } = reading;
  const users = usersOf(walked);
  const again = numbered(walked);
  const storages: { [key: string]: Json } = Object.create(null);
  const refer = (storage: Storage): string => {
    const { key, className, location, numel } = storage;
    storages[key] ??= {
      class: className,
      location,
      numel,
      tensors: users.of(key),
    };
    return key;
  };
  const storageJson = (storage: Storage): Json =>
    storage.within === undefined
      ? { $storage: refer(storage) }
      : { $storage: refer(storage.within.root), offset: storage.within.offset, numel: storage.numel };
  const replace = (value: PickleValue): Json | undefined => {
    if (isKind(value, 'persistent')) return storageJson(storageOf(value, reading));
    const node = isKind(value, 'object') ? walked.nodes.get(value as PyObject) : undefined;
    if (node?.view.array !== undefined) return arrayJson(node, node.view.array);
    if (node === undefined || !isOrdinary(value as PyObject)) return undefined;
    const { view } = node;
    const alone = users.isOne(view.storage.key) && fillsStorage(view);
    return tensorJson(node, alone ? undefined : refer(view.storage), again.get(value as PyObject));
  };
  const root = toJson(top, { replace, limits });
  if (depthOf(root) >= limits.depth) {
    const message = `The structure of the object nests deeper than ${limits.depth} levels as JSON (limit depth).`;
    throw new TorshError('limit', message);
  }
  return { root, storages };
}

/** Tensors that have the name of another object, because they show the same: the first of them is 1. */
function numbered({ nodes }: Walked): ReadonlyMap<object, number> {
  const numbers = new Map<object, number>();
  const counts = new Map<string, number>();
  for (const [node, { name, borrowed }] of nodes) {
    if (!borrowed) continue;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    numbers.set(node, count);
  }
  return numbers;
}

/** How deep JSON nests. A level of Python is up to five of JSON, and readers of JSON have a limit as well. */
function depthOf(root: Json): number {
  let depth = 0;
  for (let level = [root]; level.length > 0; depth++) {
    const inner: Json[] = [];
    for (const json of level) {
      for (const key in json as JsonObject) {
        const value = (json as JsonObject)[key]!;
        if (typeof value === 'object' && value !== null) inner.push(value);
      }
    }
    level = inner;
  }
  return depth;
}

/** The names of all tensors, tied ones too, that show a storage. */
interface Users {
  isOne(key: string): boolean;
  of(key: string): readonly string[];
}

function usersOf({ found, aliases, extra, nodes }: Walked): Users {
  const first = new Map<string, string>();
  // Few storages have more.
  const others = new Map<string, string[]>();
  const add = (name: string, { storage: { key } }: View): void => {
    const list = others.get(key);
    if (list !== undefined) list.push(name);
    else if (first.has(key)) others.set(key, [name]);
    else first.set(key, name);
  };
  for (const part of [{ found, aliases }, extra]) {
    const full = (name: string) => (part === extra ? `${EXTRA}:${name}` : name);
    for (const { name, view } of part.found) add(full(name), view);
    if (part.aliases.size === 0) continue;
    const views = new Map(part.found.map(({ name, view }) => [name, view]));
    for (const [alias, owner] of part.aliases) add(full(alias), views.get(owner)!);
  }
  // An attribute that shows what the state dict has under a name of its own makes no name, but it is one more user.
  for (const { name, view, borrowed } of nodes.values()) if (borrowed) add(name, view);
  return {
    isOne: (key) => first.has(key) && !others.has(key),
    of: (key) => (first.has(key) ? [first.get(key)!, ...(others.get(key) ?? [])] : []),
  };
}

/** The calls that `tensorJson` can say in short: no hooks, nothing on the metadata but conj and neg. */
function isOrdinary(object: PyObject): boolean {
  const call = callOf(object);
  if (isOldTensor(object)) return true;
  if (call !== 'torch._utils._rebuild_tensor_v2' && call !== 'torch._utils._rebuild_tensor_v3') return false;
  if (object.states.length > 0 || !isKind(object.args, 'tuple')) return false;
  const { items } = object.args;
  const hooks = items[5];
  const noHooks =
    hooks === null || (callOf(hooks) === 'collections.OrderedDict' && (hooks as PyObject).keys.length === 0);
  const last = call.endsWith('v2') ? 6 : 7;
  const metadata = items[last];
  const known =
    metadata === undefined ||
    metadata === null ||
    (isKind(metadata, 'dict') && metadata.keys.every((key) => key === 'conj' || key === 'neg'));
  return noHooks && known && typeof items[4] === 'boolean' && items.length <= last + 1;
}

/** Before torch 0.4, tensors had neither gradients nor hooks: they were their place in a storage and nothing else. */
function isOldTensor(object: PyObject): boolean {
  const { args, states } = object;
  const call = callOf(object);
  if (call === undefined || !isKind(args, 'tuple')) return false;
  if (call === 'torch._utils._rebuild_tensor') return args.items.length === 4 && states.length === 0;
  return madeEmpty(call, object) !== undefined && states.length === 1;
}

function tensorJson(
  { name, view, model }: Found,
  storage: string | undefined,
  again: number | undefined,
): JsonObject {
  const { requiresGrad, conj, neg, offset, size, stride, type } = view;
  // One after the other: there are millions of these, and most are only a name.
  const json: { [key: string]: Json } = { $tensor: name };
  if (model === EXTRA) json.model = model;
  if (again !== undefined) json.again = again;
  if (view.storage.className === UNTYPED && type.dtype === 'U8') json.untyped = true;
  if (requiresGrad) json.requires_grad = true;
  if (conj) json.conj = true;
  if (neg) json.neg = true;
  if (type.dtype === 'F4' && size.length === 0) json.size = size;
  if (!isUsual(stride, size)) json.stride = stride;
  if (storage !== undefined) json.storage = storage;
  if (storage !== undefined && offset !== 0) json.offset = offset;
  if (storage === undefined && view.storage.location !== 'cpu') json.location = view.storage.location;
  return json;
}

/** True for the strides that torch gives a tensor of that size by itself. */
function isUsual(stride: readonly number[], size: readonly number[]): boolean {
  const usual = denseStrides(size);
  return stride.length === usual.length && stride.every((step, axis) => step === usual[axis]);
}

/** A numpy array: `dtype` as numpy writes it, and whatever else is not as usual. */
function arrayJson({ name, model }: Found, { dtype, fortran, className, buffer }: ArrayForm): JsonObject {
  return {
    $ndarray: name,
    ...(model === EXTRA ? { model } : {}),
    dtype,
    ...(fortran ? { order: 'F' } : {}),
    ...(className === undefined ? {} : { class: className.map(wellFormed) }),
    ...(buffer === undefined ? {} : { buffer }),
  };
}

/** True for a tensor that is its storage, whole and in order. */
function fillsStorage(view: View): boolean {
  return (
    view.offset === 0 &&
    isDense(view) &&
    denseBytes(view) === view.storage.numel * view.storage.type.itemBytes
  );
}

/** True for an object that is tensors under names and nothing else: its structure is no loss when dropped. */
export function isPlain(root: Json): boolean {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return false;
  const node = root as JsonObject;
  if ('$tensor' in node || ('$ndarray' in node && !('class' in node))) return true;
  const wrapped = parameterOf(node);
  if (wrapped !== undefined) return isPlain(wrapped);
  // Ordered ones, and those whose keys an object of JSON would put into another order.
  const pairs = node.$odict ?? node.$dict;
  if (Array.isArray(pairs)) return pairs.every((pair) => typeof pair[0] === 'string' && isPlain(pair[1]));
  const keys = Object.keys(node);
  return keys.every((key) => !key.startsWith('$')) && keys.every((key) => isPlain(node[key]!));
}

/** The tensor in a parameter without hooks: a tensor with a flag that says whether it is trained. */
function parameterOf({ $object: call }: JsonObject): Json | undefined {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) return undefined;
  const { callee, args } = call as JsonObject;
  const isParameter = JSON.stringify(callee) === '{"$global":["torch._utils","_rebuild_parameter"]}';
  const items = isParameter ? (args as JsonObject).$tuple : undefined;
  return Array.isArray(items) ? items[0] : undefined;
}
