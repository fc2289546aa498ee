import { TorshError } from '@torsh/bytes';
import { bytesOf, type Json, type JsonObject, type Tensor } from '@torsh/core';
import { fromJson, type PickleValue, type PyObject } from '@torsh/pickle';
import { type StorageId, storageValue } from './call.ts';
import { storageClass, UNTYPED } from './storage-types.ts';
import { numelOf, sizeOf, tensorCall } from './tensor-call.ts';
import { denseStrides } from './view.ts';

/** What a structure refers to by name. */
export interface Restoring {
  /** The storages that the structure names by key. */
  readonly storages: JsonObject;
  /** A tensor of the archive under any of its names. */
  tensor(name: string, model: string | undefined): Tensor | undefined;
}

/** Names beside `$tensor` that say something. */
const SAID = new Set([
  '$tensor',
  'model',
  'again',
  'untyped',
  'requires_grad',
  'conj',
  'neg',
  'size',
  'stride',
  'storage',
  'offset',
  'location',
]);

/** The made-up key of a storage that the structure lists. */
export const storageKey = (key: string): string => `storage ${key}`;

/**
 * The object that `structureOf` described, as pickle values: the inverse. Throws `malformed` where the structure speaks of
 * what is not there. Keys of storages are made up, so that those in the structure and those of tensors that have a storage of their own never meet.
 */
export function restore(structure: Json, { storages, tensor }: Restoring): PickleValue {
  const made = new Map<string, PyObject>();
  const storageIn = (key: Json): StorageId => {
    const entry = typeof key === 'string' && Object.hasOwn(storages, key) ? storages[key] : undefined;
    if (typeof key !== 'string' || !isObject(entry)) throw misfit('names a storage that is not listed');
    const { class: className, location, numel } = entry;
    if (typeof className !== 'string' || typeof location !== 'string' || !isCount(numel))
      throw misfit(`describes the storage ${key} in a way that is not understood`);
    return { key: storageKey(key), className, location, numel };
  };
  const tensorIn = (name: Json, fields: ReadonlyMap<string, Json>): PyObject => {
    const model = fields.get('model');
    if (typeof name !== 'string' || (model !== undefined && typeof model !== 'string'))
      throw misfit('names a tensor by something that is no name');
    for (const field of fields.keys())
      if (!SAID.has(field)) throw misfit(`says ${field} of the tensor ${name}, which is not understood`);
    const id = `${model ?? ''}\0${fields.get('again') ?? 0}\0${name}`;
    // What was one object in Python has one name, and becomes one object again.
    const known = made.get(id);
    if (known !== undefined) return known;
    const found = tensor(name, model);
    if (found === undefined) throw misfit(`has the tensor ${name}, which is not there any more`);
    const call = tensorCall(described(name, found, fields, storageIn));
    made.set(id, call);
    return call;
  };
  return fromJson(structure, {
    restore(tag, payload, fields) {
      if (tag === 'tensor') return tensorIn(payload, fields);
      if (tag !== 'storage') return undefined;
      if (fields.size > 1) throw misfit('says more of a storage than its key');
      return storageValue(storageIn(payload));
    },
  });
}

/** The call for a tensor, from what the archive and the structure say of it. */
function described(
  name: string,
  { dtype, shape }: Tensor,
  fields: ReadonlyMap<string, Json>,
  storageIn: (key: Json) => StorageId,
): Parameters<typeof tensorCall>[0] {
  const said = <T extends Json>(field: string, is: (json: Json | undefined) => json is T): T | undefined => {
    const value = fields.get(field);
    if (value !== undefined && !is(value))
      throw misfit(`says ${field} of the tensor ${name} in a way that is not understood`);
    return value;
  };
  const size = said('size', isCounts) ?? sizeOf(dtype, shape);
  if (size === undefined) throw misfit(`has the tensor ${name}, whose shape torch cannot have`);
  const storage = fields.get('storage');
  const className = said('untyped', isFlag) ? UNTYPED : storageClass(dtype);
  const alone = (): StorageId => ({
    key: `tensor ${fields.get('model') ?? ''} ${name}`,
    className,
    location: said('location', isText) ?? 'cpu',
    numel: numelOf(className, dtype, bytesOf(dtype, shape)),
  });
  return {
    storage: storage === undefined ? alone() : storageIn(storage),
    dtype,
    size,
    stride: said('stride', isCounts) ?? denseStrides(size),
    offset: said('offset', isCount) ?? 0,
    requiresGrad: said('requires_grad', isFlag) ?? false,
    conj: said('conj', isFlag) ?? false,
    neg: said('neg', isFlag) ?? false,
  };
}

function misfit(what: string): TorshError {
  return new TorshError('malformed', `The structure ${what}.`);
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

const isText = (json: Json | undefined): json is string => typeof json === 'string';
const isFlag = (json: Json | undefined): json is boolean => typeof json === 'boolean';
const isCount = (json: Json | undefined): json is number =>
  Number.isSafeInteger(json) && (json as number) >= 0;
const isCounts = (json: Json | undefined): json is readonly number[] =>
  Array.isArray(json) && json.every((each) => isCount(each));
