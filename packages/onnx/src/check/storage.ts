import { DATA_TYPES, type DataType } from '../schema/data-type.ts';
import type { TensorProto } from '../schema/message.ts';

/** The fields that hold values of a tensor. */
export const VALUE_FIELDS = [
  'float_data',
  'int32_data',
  'string_data',
  'int64_data',
  'raw_data',
  'double_data',
  'uint64_data',
] as const;

export type ValueField = (typeof VALUE_FIELDS)[number];

/** How the values of an element type lie in a tensor. */
export interface Storage {
  /** Of one element in `raw_data` or in another file; of strings there is none. */
  readonly bits: number | undefined;
  /** Where they lie one by one. */
  readonly field: ValueField;
  /** How many elements one entry of the field holds at most; a half for complex numbers, which take two. */
  readonly elements: number;
}

const of = (bits: number | undefined, field: ValueField, elements = 1): Storage => ({
  bits,
  field,
  elements,
});

const storages: { readonly [type in Exclude<DataType, 'UNDEFINED'>]: Storage } = {
  FLOAT: of(32, 'float_data'),
  UINT8: of(8, 'int32_data'),
  INT8: of(8, 'int32_data'),
  UINT16: of(16, 'int32_data'),
  INT16: of(16, 'int32_data'),
  INT32: of(32, 'int32_data'),
  INT64: of(64, 'int64_data'),
  STRING: of(undefined, 'string_data'),
  BOOL: of(8, 'int32_data'),
  FLOAT16: of(16, 'int32_data'),
  DOUBLE: of(64, 'double_data'),
  UINT32: of(32, 'uint64_data'),
  UINT64: of(64, 'uint64_data'),
  COMPLEX64: of(64, 'float_data', 1 / 2),
  COMPLEX128: of(128, 'double_data', 1 / 2),
  BFLOAT16: of(16, 'int32_data'),
  FLOAT8E4M3FN: of(8, 'int32_data'),
  FLOAT8E4M3FNUZ: of(8, 'int32_data'),
  FLOAT8E5M2: of(8, 'int32_data'),
  FLOAT8E5M2FNUZ: of(8, 'int32_data'),
  UINT4: of(4, 'int32_data', 8),
  INT4: of(4, 'int32_data', 8),
  FLOAT4E2M1: of(4, 'int32_data', 8),
  FLOAT8E8M0: of(8, 'int32_data'),
  UINT2: of(2, 'int32_data', 16),
  INT2: of(2, 'int32_data', 16),
  FLOAT6E2M3: of(6, 'int32_data'),
  FLOAT6E3M2: of(6, 'int32_data'),
};

/** The element type of a tensor, where it has one that ONNX knows. */
export function typeOf({ data_type = 0 }: TensorProto): Exclude<DataType, 'UNDEFINED'> | undefined {
  const type = DATA_TYPES[data_type];
  return type === 'UNDEFINED' ? undefined : type;
}

/** How values of a type lie in a tensor. */
export function storageOf(type: Exclude<DataType, 'UNDEFINED'>): Storage {
  return storages[type];
}

/** How many bytes so many elements take in `raw_data` or in another file. */
export function rawBytes(elements: number, bits: number): number {
  return Math.ceil((elements * bits) / 8);
}
