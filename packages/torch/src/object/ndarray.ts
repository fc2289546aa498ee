import type { Limits } from '@torsh/bytes';
import { elementsOf } from '@torsh/core';
import { asBytes, isKind, type PickleValue, type PyObject } from '@torsh/pickle';
import { callOf, integers, itemsOf, nameOf } from './arguments.ts';
import { malformed } from './errors.ts';
import { type NumpyType, numpyTypeOf } from './numpy-dtype.ts';
import type { ElementType } from './storage-types.ts';

/** A numpy array of numbers as a pickle holds it. Strides are in elements. */
export interface NdArray {
  readonly type: ElementType;
  readonly bigEndian: boolean;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly bytes: Uint8Array;
  readonly form: ArrayForm;
}

/** What an array is besides its numbers: enough to make it again. */
export interface ArrayForm {
  readonly dtype: string;
  /** True where the first axis is the one that moves fastest. */
  readonly fortran: boolean;
  /** The class, where it is not `numpy.ndarray`. */
  readonly className?: readonly [module: string, name: string];
  /** What lent it its memory, since protocol 5: what is made of `bytes` cannot be written to. */
  readonly buffer?: 'bytes' | 'bytearray';
}

/** An array of anything: what the pickle says of it, before it is known whether a tensor can hold it. */
export interface AnyArray {
  readonly dtype: NumpyType | undefined;
  readonly size: PickleValue | undefined;
  readonly fortran: boolean;
  readonly content: PickleValue;
  readonly maker: PickleValue | undefined;
}

/** What the two calls say that numpy makes arrays with; `undefined` for anything else. */
export function anyArrayOf(value: PickleValue | undefined): AnyArray | undefined {
  const call = callOf(value) ?? '';
  if (!call.startsWith('numpy.') || !isKind(value, 'object') || value.how !== 'reduce') return undefined;
  if (/^numpy\._?core\.multiarray\._reconstruct$/.test(call)) return reconstructed(value);
  // Since protocol 5: (bytes, dtype, shape, order)
  if (!/^numpy\._?core\.numeric\._frombuffer$/.test(call) || value.states.length > 0) return undefined;
  const [content, dtype, size, order] = itemsOf(value.args, 'The arguments of _frombuffer', 4);
  const known = { dtype: numpyTypeOf(dtype), size, content: content ?? null, maker: undefined };
  return { ...known, fortran: order === 'F' };
}

function reconstructed({ args, states }: PyObject): AnyArray | undefined {
  // (version, shape, dtype, whether in Fortran's order, bytes); classes of their own may have something else.
  const maker = itemsOf(args, 'The arguments of _reconstruct')[0];
  const own = nameOf(maker) !== undefined && nameOf(maker) !== 'numpy.ndarray';
  const state = states[0];
  if (own && !(isKind(state, 'tuple') && state.items.length === 5)) return undefined;
  const [, size, dtype, fortran, content] = itemsOf(state, 'The state of a numpy array', 5);
  const column = fortran === true || fortran === 1;
  return { dtype: numpyTypeOf(dtype), size, fortran: column, content: content ?? null, maker };
}

/** An array of numbers; `undefined` for anything else, arrays of objects and records among them. */
export function ndarrayOf(value: PickleValue | undefined, limits: Limits): NdArray | undefined {
  const array = anyArrayOf(value);
  if (array?.dtype?.type === undefined) return undefined;
  const { type, bigEndian, text } = array.dtype;
  const shape = integers(array.size, 'The shape of a numpy array', limits);
  const wanted = elementsOf(shape) * type.itemBytes;
  const bytes = bytesOf(array.content, wanted);
  if (bytes === undefined) return undefined;
  if (bytes.length !== wanted) {
    throw malformed(`A numpy array has ${bytes.length} bytes, but its shape speaks of ${wanted}.`);
  }
  const form = { dtype: text, fortran: array.fortran, ...classOf(array.maker), ...bufferOf(array) };
  return { type, bigEndian, shape, strides: stridesOf(shape, array.fortran), bytes, form };
}

/** The bytes of an array. Python 2 has only one kind of text and bytes: what is valid UTF-8 was read as text. */
function bytesOf(content: PickleValue, wanted: number): Uint8Array | undefined {
  if (isKind(content, 'str8') || isKind(content, 'bytearray')) return content.bytes;
  if (typeof content !== 'string') return asBytes(content);
  if (content.length > wanted) return undefined;
  const utf8 = new TextEncoder().encode(content);
  if (utf8.length === wanted) return utf8;
  return Uint8Array.from(content, (character) => character.charCodeAt(0));
}

function classOf(maker: PickleValue | undefined): Pick<ArrayForm, 'className'> {
  if (!isKind(maker, 'global') || nameOf(maker) === 'numpy.ndarray') return {};
  return { className: [maker.module, maker.name] };
}

function bufferOf({ maker, content }: AnyArray): Pick<ArrayForm, 'buffer'> {
  if (maker !== undefined) return {};
  return { buffer: isKind(content, 'bytearray') ? 'bytearray' : 'bytes' };
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
