import type { DType } from '@torsh/core';
import type { PickleValue, PyObject } from '@torsh/pickle';
import { call, float, global, orderedDict, type StorageId, storageValue, tuple } from './call.ts';
import { dtypes, torchName, UNTYPED } from './storage-types.ts';

/** A tensor as one of torch's rebuild calls describes it; counts are in elements. */
export interface TensorCall {
  readonly storage: StorageId;
  readonly dtype: DType;
  readonly offset: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly requiresGrad?: boolean;
  readonly conj?: boolean;
  readonly neg?: boolean;
}

/** The call that torch.save writes for a tensor: its form depends on whether the storage has a type. */
export function tensorCall(tensor: TensorCall): PyObject {
  const { storage, dtype, requiresGrad = false, conj = false, neg = false } = tensor;
  const flags: readonly string[] = [...(conj ? ['conj'] : []), ...(neg ? ['neg'] : [])];
  const metadata: PickleValue[] =
    flags.length === 0 ? [] : [{ kind: 'dict', keys: [...flags], values: flags.map(() => true) }];
  const common = [...placeOf(tensor), requiresGrad, orderedDict()];
  if (storage.className !== UNTYPED)
    return call(global('torch._utils', '_rebuild_tensor_v2'), tuple(...common, ...metadata));
  const type = global('torch', torchName(dtype)!);
  return call(global('torch._utils', '_rebuild_tensor_v3'), tuple(...common, type, ...metadata));
}

/** A quantised tensor whose scale nobody knows: its integers, with a scale of 1 and a zero point of 0. */
export function quantisedCall(tensor: TensorCall): PyObject {
  const parameters = tuple(global('torch', 'per_tensor_affine'), float(1), 0);
  return call(
    global('torch._utils', '_rebuild_qtensor'),
    tuple(...placeOf(tensor), parameters, false, orderedDict()),
  );
}

/** True for types that need a scale to be numbers. */
export function isQuantised(dtype: DType): boolean {
  return dtype.startsWith('Q');
}

function placeOf({ storage, offset, size, stride }: TensorCall): PickleValue[] {
  return [storageValue(storage), offset, tuple(...size), tuple(...stride)];
}

/** The size that torch gives a shape of torsh: two `F4` values are one element. `undefined` where there is none. */
export function sizeOf(dtype: DType, shape: readonly number[]): readonly number[] | undefined {
  if (dtype !== 'F4') return shape;
  const last = shape.at(-1);
  return last === undefined || last % 2 === 1 ? undefined : [...shape.slice(0, -1), last / 2];
}

/** Elements of a storage of this class that so many bytes fill. */
export function numelOf(className: string, dtype: DType, bytes: number): number {
  const item = [...dtypes.values()].find((type) => type.dtype === dtype)!.itemBytes;
  return className === UNTYPED ? bytes : bytes / item;
}
