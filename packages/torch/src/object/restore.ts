import { type Limits, TorshError } from '@torsh/bytes';
import { bytesOf, type Json, type JsonObject, type Tensor } from '@torsh/core';
import { fromJson, type PickleValue, type PyObject } from '@torsh/pickle';
import { arrayCall } from './array-call.ts';
import { type StorageId, storageValue } from './call.ts';
import type { ArrayForm } from './ndarray.ts';
import { storageClass, UNTYPED } from './storage-types.ts';
import { numelOf, sizeOf, tensorCall } from './tensor-call.ts';
import { denseStrides } from './view.ts';

/** What a structure refers to by name. */
export interface Restoring {
  readonly limits: Limits;
  /** The storages that the structure names by key. */
  readonly storages: JsonObject;
  /** A tensor of the archive under any of its names. */
  tensor(name: string, model: string | undefined): Tensor | undefined;
}

/** An object that was described, and what it names. */
export interface Restored {
  readonly value: PickleValue;
  /** The listed storages that are in it, by their keys in the list. */
  readonly storages: ReadonlySet<string>;
  /** How many of its storages were stretches of another one, and are storages of their own now. */
  readonly copies: number;
}

/** Names beside `$ndarray` that say something. */
const SAID_OF_ARRAYS = new Set(['$ndarray', 'model', 'dtype', 'order', 'class', 'buffer']);

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
export function restore(structure: Json, { limits, storages, tensor }: Restoring): Restored {
  const made = new Map<string, PyObject>();
  const whole = new Set<string>();
  const stretches = new Set<string>();
  let arrayBytes = 0;
  const listed = (key: Json): StorageId => {
    const entry = typeof key === 'string' && Object.hasOwn(storages, key) ? storages[key] : undefined;
    if (typeof key !== 'string' || !isObject(entry)) throw misfit('names a storage that is not listed');
    const { class: className, location, numel } = entry;
    if (typeof className !== 'string' || typeof location !== 'string' || !isCount(numel))
      throw misfit(`describes the storage ${key} in a way that is not understood`);
    return { key, className, location, numel };
  };
  const storageIn = (key: Json): StorageId => {
    const id = listed(key);
    whole.add(id.key);
    return { ...id, key: storageKey(id.key) };
  };
  /** torch has had no name for a part of a storage since 0.4, so one is a storage of its own. */
  const stretchIn = (key: Json, fields: ReadonlyMap<string, Json>): StorageId => {
    const [offset, numel] = [fields.get('offset'), fields.get('numel')];
    const id = listed(key);
    if (fields.size > 3 || !isCount(offset) || !isCount(numel) || offset + numel > id.numel)
      throw misfit(`describes a part of the storage ${id.key} in a way that is not understood`);
    const name = `part ${offset} ${numel} ${id.key}`;
    stretches.add(name);
    return { ...id, key: name, numel };
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
  /** An array whose elements are still to be filled in. */
  const arrayIn = (name: Json, fields: ReadonlyMap<string, Json>): PyObject => {
    const [model, dtype, className] = [fields.get('model'), fields.get('dtype'), fields.get('class')];
    if (typeof name !== 'string' || (model !== undefined && !isText(model)))
      throw misfit('names an array by something that is no name');
    const id = `${model ?? ''}\0array\0${name}`;
    const known = made.get(id);
    if (known !== undefined) return known;
    const found = tensor(name, model);
    if (found === undefined) throw misfit(`has the array ${name}, which is not there any more`);
    const buffer = fields.get('buffer');
    const understood = [...fields.keys()].every((field) => SAID_OF_ARRAYS.has(field)) && isBuffer(buffer);
    if (!understood || !isText(dtype) || (className !== undefined && !isName(className)))
      throw misfit(`describes the array ${name} in a way that is not understood`);
    const bytes = bytesOf(found.dtype, found.shape);
    arrayBytes += bytes;
    if (arrayBytes > limits.pickleBytes)
      throw new TorshError(
        'limit',
        `Its NumPy arrays have more than ${limits.pickleBytes} bytes, and a checkpoint has them within its pickle (limit pickleBytes).`,
      );
    const call = arrayCall({
      dtype,
      fortran: fields.get('order') === 'F',
      ...(className === undefined ? {} : { className }),
      ...(buffer === undefined ? {} : { buffer }),
      shape: found.shape,
      content: new Uint8Array(bytes),
    });
    made.set(id, call);
    return call;
  };
  const value = fromJson(structure, {
    restore(tag, payload, fields) {
      if (tag === 'tensor') return tensorIn(payload, fields);
      if (tag === 'ndarray') return arrayIn(payload, fields);
      if (tag !== 'storage') return undefined;
      return storageValue(fields.size === 1 ? storageIn(payload) : stretchIn(payload, fields));
    },
  });
  return { value, storages: whole, copies: stretches.size };
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
const isName = (json: Json): json is readonly [string, string] =>
  Array.isArray(json) && json.length === 2 && json.every(isText);
const isBuffer = (json: Json | undefined): json is ArrayForm['buffer'] =>
  json === undefined || json === 'bytes' || json === 'bytearray';
const isFlag = (json: Json | undefined): json is boolean => typeof json === 'boolean';
const isCount = (json: Json | undefined): json is number =>
  Number.isSafeInteger(json) && (json as number) >= 0;
const isCounts = (json: Json | undefined): json is readonly number[] =>
  Array.isArray(json) && json.every((each) => isCount(each));
