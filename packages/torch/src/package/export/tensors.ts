import { type ByteSource, fromBytes, isTorshError } from '@torsh/bytes';
import type { DType } from '@torsh/core';
import type { PyObject } from '@torsh/pickle';
import type { StorageId } from '../../object/call.ts';
import { dtypes, storageClass, storageType, torchName } from '../../object/storage-types.ts';
import { isQuantised, numelOf, quantisedCall, sizeOf, tensorCall } from '../../object/tensor-call.ts';
import { checkView, denseStrides } from '../../object/view.ts';

/** Numbers in memory that are the elements of a tensor. */
export type TensorNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A row of elements that tensors look at. Tensors on one storage share memory in Python, too. */
export interface TensorStorage {
  readonly dtype: DType;
  readonly id: StorageId;
}

/** How a tensor looks at its storage; counts are in elements. */
export interface TensorOptions {
  /** All of the storage in one row where absent. */
  readonly shape?: readonly number[];
  /** Dense where absent. */
  readonly stride?: readonly number[];
  readonly offset?: number;
  readonly requiresGrad?: boolean;
}

const elementTypes: readonly (readonly [new () => TensorNumbers, DType])[] = [
  [Float32Array, 'F32'],
  [Float64Array, 'F64'],
  [Int8Array, 'I8'],
  [Int16Array, 'I16'],
  [Int32Array, 'I32'],
  [BigInt64Array, 'I64'],
  [Uint8Array, 'U8'],
  [Uint16Array, 'U16'],
  [Uint32Array, 'U32'],
  [BigUint64Array, 'U64'],
];

/** A storage of numbers, or of the bytes of a source whose elements are of a type. They are read when the package is closed. */
export function pyStorage(numbers: TensorNumbers): TensorStorage;
export function pyStorage(bytes: ByteSource, dtype: DType): TensorStorage;
export function pyStorage(data: TensorNumbers | ByteSource, given?: DType): TensorStorage {
  if (!ArrayBuffer.isView(data)) return storageOf(data, given);
  const dtype = elementTypes.find(([type]) => data instanceof type)?.[1];
  const { buffer, byteOffset, byteLength } = data;
  return storageOf(fromBytes(new Uint8Array(buffer, byteOffset, byteLength)), dtype);
}

function storageOf(bytes: ByteSource, dtype: DType | undefined): TensorStorage {
  if (dtype === undefined || torchName(dtype) === undefined)
    throw new TypeError(`torch has no tensors of the type ${dtype}.`);
  const className = storageClass(dtype);
  const numel = numelOf(className, dtype, bytes.size);
  if (!Number.isInteger(numel))
    throw new TypeError(`${bytes.size} bytes are no whole number of elements of the type ${dtype}.`);
  return { dtype, id: { key: '', className, location: 'cpu', numel, bytes } };
}

/** A tensor on a storage, or on numbers of its own. */
export function pyTensor(data: TensorStorage | TensorNumbers, options: TensorOptions = {}): PyObject {
  const storage = ArrayBuffer.isView(data) ? pyStorage(data) : data;
  const { dtype, id } = storage;
  const type = [...dtypes.values()].find((each) => each.dtype === dtype)!;
  const { offset = 0, requiresGrad = false } = options;
  const size =
    options.shape === undefined ? [wholeOf(storage, type.itemBytes)] : sizeOf(dtype, options.shape);
  if (size === undefined) throw new TypeError(`Values of the type ${dtype} come in pairs.`);
  const stride = options.stride ?? denseStrides(size);
  for (const number of [offset, ...size, ...stride]) {
    if (!Number.isSafeInteger(number))
      throw new TypeError(`A tensor cannot have a size or a stride of ${number}.`);
  }
  const looking = { ...id, record: '', type: storageType(id.className)!, bytes: undefined as never };
  check({ storage: looking, type, offset, size, stride, requiresGrad, conj: false, neg: false });
  const call = { storage: id, dtype, offset, size, stride, requiresGrad };
  return isQuantised(dtype) ? quantisedCall(call) : tensorCall(call);
}

function wholeOf({ id }: TensorStorage, itemBytes: number): number {
  return (id.numel * storageType(id.className)!.itemBytes) / itemBytes;
}

/** What is wrong with a tensor is wrong with the arguments here. */
function check(view: Parameters<typeof checkView>[0]): void {
  try {
    checkView(view, 'that was asked for');
  } catch (error) {
    throw isTorshError(error) ? new TypeError(error.message) : error;
  }
}
