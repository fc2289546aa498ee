import type { Limits } from '@torsh/bytes';
import { elementsOf } from '@torsh/core';
import { asBytes, isKind, type PickleValue } from '@torsh/pickle';
import { callOf, integers, itemsOf } from './arguments.ts';
import { malformed } from './errors.ts';
import { dtypes, type ElementType } from './storage-types.ts';

/** A numpy array as a pickle holds it. Strides are in elements. */
export interface NdArray {
  readonly type: ElementType;
  readonly bigEndian: boolean;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly bytes: Uint8Array;
}

/** What numpy calls the types that torch has too. */
const types: ReadonlyMap<string, string> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['c16', 'complex128'],
  ['c8', 'complex64'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u8', 'uint64'],
  ['u4', 'uint32'],
  ['u2', 'uint16'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
]);

/** An array of numbers; `undefined` for anything else, arrays of objects and records among them. */
export function ndarrayOf(value: PickleValue | undefined, limits: Limits): NdArray | undefined {
  if (!/^numpy\._?core\.multiarray\._reconstruct$/.test(callOf(value) ?? '') || !isKind(value, 'object'))
    return undefined;
  // (version, shape, dtype, whether in Fortran's order, bytes)
  const [, size, dtype, fortran, content] = itemsOf(value.states[0], 'The state of a numpy array', 5);
  const named = dtypeOf(dtype);
  const bytes = asBytes(content ?? null);
  if (named === undefined || bytes === undefined) return undefined;
  const shape = integers(size, 'The shape of a numpy array', limits);
  const wanted = elementsOf(shape) * named.type.itemBytes;
  if (bytes.length !== wanted) {
    throw malformed(
      `A numpy array has ${bytes.length} bytes, but its shape speaks of ${wanted}.`,
      'data.pkl',
    );
  }
  return { ...named, shape, strides: stridesOf(shape, fortran === true), bytes };
}

/** `numpy.dtype('f4', False, True)` with the state `(3, '<', …)`, where `<`, `>` and `|` tell the byte order. */
function dtypeOf(value: PickleValue | undefined): { type: ElementType; bigEndian: boolean } | undefined {
  if (callOf(value) !== 'numpy.dtype' || !isKind(value, 'object')) return undefined;
  const [name] = itemsOf(value.args, 'The arguments of numpy.dtype', 1);
  const type = dtypes.get(types.get(String(name)) ?? '');
  if (type === undefined) return undefined;
  const order = value.states.length > 0 ? itemsOf(value.states[0], 'The state of numpy.dtype', 2)[1] : '|';
  return { type, bigEndian: order === '>' };
}

function stridesOf(shape: readonly number[], fortran: boolean): number[] {
  const strides: number[] = new Array(shape.length);
  let next = 1;
  const axes = fortran ? [...shape.keys()] : [...shape.keys()].reverse();
  for (const axis of axes) {
    strides[axis] = next;
    next *= Math.max(shape[axis]!, 1);
  }
  return strides;
}
