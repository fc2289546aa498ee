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
      tensors: users.get(key) ?? [],
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
    const alone = users.get(view.storage.key)?.length === 1 && fillsStorage(view);
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
  let deepest = 0;
  const work: [json: Json, depth: number][] = [[root, 1]];
  while (work.length > 0) {
    const [json, depth] = work.pop()!;
    if (typeof json !== 'object' || json === null) continue;
    deepest = Math.max(deepest, depth);
    for (const key in json) {
      const inner = (json as JsonObject)[key]!;
      if (typeof inner === 'object' && inner !== null) work.push([inner, depth + 1]);
    }
  }
  return deepest;
}

/** The names of all tensors, tied ones too, by the storage that they show. */
function usersOf({ found, aliases, extra, nodes }: Walked): Map<string, string[]> {
  const users = new Map<string, string[]>();
  const add = (name: string, { storage }: View): void => {
    const list = users.get(storage.key);
    if (list === undefined) users.set(storage.key, [name]);
    else list.push(name);
  };
  for (const part of [{ found, aliases }, extra]) {
    const full = (name: string) => (part === extra ? `${EXTRA}:${name}` : name);
    const views = new Map(part.found.map(({ name, view }) => [name, view]));
    for (const { name, view } of part.found) add(full(name), view);
    for (const [alias, owner] of part.aliases) add(full(alias), views.get(owner)!);
  }
  // An attribute that shows what the state dict has under a name of its own makes no name, but it is one more user.
  for (const { name, view, borrowed } of nodes.values()) if (borrowed) add(name, view);
  return users;
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
  const usualStride = stride.join() === denseStrides(size).join();
  return {
    $tensor: name,
    ...(model === EXTRA ? { model } : {}),
    ...(again === undefined ? {} : { again }),
    ...(view.storage.className === UNTYPED && type.dtype === 'U8' ? { untyped: true } : {}),
    ...(requiresGrad ? { requires_grad: true } : {}),
    ...(conj ? { conj: true } : {}),
    ...(neg ? { neg: true } : {}),
    ...(type.dtype === 'F4' && size.length === 0 ? { size } : {}),
    ...(usualStride ? {} : { stride }),
    ...(storage === undefined ? {} : { storage, ...(offset === 0 ? {} : { offset }) }),
    ...(storage === undefined && view.storage.location !== 'cpu' ? { location: view.storage.location } : {}),
  };
}

/** A numpy array: `dtype` as numpy writes it, and its order and class where they are not the usual ones. */
function arrayJson({ name, model }: Found, { dtype, fortran, className }: ArrayForm): JsonObject {
  return {
    $ndarray: name,
    ...(model === EXTRA ? { model } : {}),
    dtype,
    ...(fortran ? { order: 'F' } : {}),
    ...(className === undefined ? {} : { class: className.map(wellFormed) }),
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
