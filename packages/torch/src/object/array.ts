import { elementsOf } from '@torsh/core';
import { isKind, type PyObject } from '@torsh/pickle';
import { type AnyArray, anyArrayOf, type NdArray, ndarrayOf } from './ndarray.ts';
import type { Reading } from './reading.ts';
import type { Rebuilt } from './rebuild.ts';
import type { View } from './view.ts';

/** A numpy array as a tensor, where arrays are to be tensors; `undefined` leaves it a value like any other. */
export function arrayIn(object: PyObject, reading: Reading): Rebuilt | undefined {
  if (reading.arrays !== true) return undefined;
  // Made and not filled: an array without elements.
  if (object.states.length === 0 && isKind(object.callee, 'global') && object.callee.name === '_reconstruct')
    return undefined;
  const any = anyArrayOf(object);
  if (any === undefined) return undefined;
  const array = any.dtype?.type === undefined ? undefined : ndarrayOf(object, reading.limits);
  if (array === undefined) return leftOver(any);
  return { parts: [], array: true, view: viewOf(array) };
}

/** The array as a look at bytes that are its own. */
function viewOf({ type, shape, strides, bytes, bigEndian, form }: NdArray): View {
  const numel = elementsOf(shape);
  const place = { key: '', record: '', className: '', location: 'cpu' };
  const storage = { ...place, type, numel, bytes, bigEndian };
  const flags = { requiresGrad: false, conj: false, neg: false };
  return { storage, type, offset: 0, size: shape, stride: strides, ...flags, array: form };
}

/** What no tensor can hold: the items of an array of objects are walked, and all else is said to be data. */
function leftOver({ dtype, content }: AnyArray): Rebuilt {
  if (isKind(content, 'list'))
    return { array: true, parts: content.items.map((value, index) => ({ suffix: String(index), value })) };
  const type = dtype === undefined ? 'a type that torsh does not know' : dtype.text;
  return { array: true, parts: [], empty: `it is a numpy array of ${type}, kept in the structure` };
}
