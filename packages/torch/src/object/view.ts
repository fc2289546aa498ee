import { type DType, elementsOf } from '@torsh/core';
import { malformed } from './errors.ts';
import type { ArrayForm } from './ndarray.ts';
import { type ElementType, UNTYPED } from './storage-types.ts';

/** A storage as the pickle names it: a row of bytes somewhere in the file, of one type. */
export interface Storage {
  readonly key: string;
  /** Its place in the file, for errors. */
  readonly record: string;
  /** Its class, such as `FloatStorage`. */
  readonly className: string;
  readonly type: ElementType;
  readonly location: string;
  /** In elements of its type. */
  readonly numel: number;
  /** Its bytes, where they came inside of the pickle instead of in a record. */
  readonly bytes?: Uint8Array;
  /** The storage that it is a stretch of, from the element `offset` on: torch saved such up to 0.3. */
  readonly within?: { readonly root: Storage; readonly offset: number };
  /** True where those have their highest byte first; what the file says of its records does not hold for them. */
  readonly bigEndian?: boolean;
}

/** A tensor as a pickle describes it: a strided look at a storage. All counts are in elements of `type`. */
export interface View {
  readonly storage: Storage;
  readonly type: ElementType;
  readonly offset: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly requiresGrad: boolean;
  /** Complex conjugation and negation that torch had put off. */
  readonly conj: boolean;
  readonly neg: boolean;
  /** What it is in Python, where that is not a tensor but a numpy array. */
  readonly array?: ArrayForm;
}

/** Row-major strides of a shape. */
export function denseStrides(size: readonly number[]): number[] {
  const strides: number[] = new Array(size.length);
  let next = 1;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    strides[axis] = next;
    next *= Math.max(size[axis]!, 1);
  }
  return strides;
}

/** True where the elements lie one behind the other in row-major order; axes of length 1 have no say. */
export function isDense({ size, stride }: View): boolean {
  const dense = denseStrides(size);
  return elementsOf(size) === 0 || size.every((length, axis) => length === 1 || stride[axis] === dense[axis]);
}

/** Packed types keep several values in a byte, in the order of the flat index. */
function packedPerByte(dtype: DType): number {
  return dtype === 'QU4X2' ? 2 : dtype === 'QU2X4' ? 4 : 1;
}

/** Bytes of the dense tensor. */
export function denseBytes({ type, size }: View): number {
  return Math.ceil(elementsOf(size) / packedPerByte(type.dtype)) * type.itemBytes;
}

/** The shape that torsh gives the tensor: torch counts bytes of two `F4` values where safetensors counts values. */
export function shapeOf({ type, size }: View): readonly number[] {
  if (type.dtype !== 'F4') return size;
  return size.length === 0 ? [2] : [...size.slice(0, -1), size.at(-1)! * 2];
}

/** Throws unless every element of the view lies in its storage. */
export function checkView(view: View, path: string): void {
  const { storage, type, offset, size, stride } = view;
  const say = (what: string) => malformed(`The tensor ${path} is impossible: ${what}.`, storage.record);
  if (size.length !== stride.length) throw say(`it has ${size.length} sizes and ${stride.length} strides`);
  if (offset < 0 || size.some((length) => length < 0) || stride.some((step) => step < 0)) {
    throw say('its offset, a size or a stride is negative');
  }
  if (!(storage.numel >= 0)) throw say('its storage has a negative length');
  if (storage.className !== UNTYPED && storage.type.dtype !== type.dtype) {
    throw say(`it is of type ${type.dtype} on a storage of ${storage.type.dtype}`);
  }
  const elements = elementsOf(size);
  if (elements === 0) return;
  const perByte = packedPerByte(type.dtype);
  if (perByte > 1 && (!isDense(view) || offset % perByte !== 0)) {
    throw say('values smaller than a byte must lie one behind the other');
  }
  const last =
    perByte > 1
      ? Math.ceil((offset + elements) / perByte) - 1
      : size.reduce((sum, length, axis) => sum + (length - 1) * stride[axis]!, offset);
  const held = (storage.numel * storage.type.itemBytes) / type.itemBytes;
  if (last >= held) throw say(`its last element is number ${last}, but its storage has ${Math.floor(held)}`);
}

/**
 * The same elements as a view on a storage that is no stretch of another: so that two tensors that share memory are
 * seen to do so, whichever stretch they were saved with.
 */
export function rooted(view: View): View {
  const { storage, type, offset } = view;
  if (storage.within === undefined) return view;
  const { root } = storage.within;
  const skipped =
    (storage.within.offset * storage.type.itemBytes * packedPerByte(type.dtype)) / type.itemBytes;
  if (!Number.isInteger(skipped)) {
    throw malformed('A tensor is impossible: it begins inside of an element.', storage.record);
  }
  return { ...view, storage: root, offset: skipped + offset };
}

/** Where the view begins, in bytes of its storage. */
export function startOf({ type, offset }: View): number {
  return Math.floor(offset / packedPerByte(type.dtype)) * type.itemBytes;
}

/** Two views with one identity show the same elements in the same order: one tensor under two names. */
export function identityOf({ storage, type, offset, size, stride, conj, neg }: View): string {
  return `${storage.key} ${type.dtype} ${offset} ${size.join()} ${stride.join()} ${conj ? 'c' : ''}${neg ? 'n' : ''}`;
}
