import type { DType } from '@torsh/core';
import { DATA_TYPES, type DataType } from '../schema/data-type.ts';

/** The fields of `TensorProto` that hold numbers, each of one kind. */
export type TypedField = 'float_data' | 'double_data' | 'int32_data' | 'int64_data' | 'uint64_data';

/** How the elements of a type lie in a model. */
export interface ElementType {
  readonly dtype: DType;
  /** The field of numbers that the type may lie in. */
  readonly field: TypedField;
  /** Bytes of the dense tensor for each number of that field. */
  readonly unit: 1 | 2 | 4 | 8;
  /** Whether a number below zero may stand there, which then has ten bytes. */
  readonly signed: boolean;
}

const type = (dtype: DType, field: TypedField, unit: ElementType['unit'], signed = false): ElementType => ({
  dtype,
  field,
  unit,
  signed,
});

const types: Readonly<Partial<Record<DataType, ElementType>>> = {
  FLOAT: type('F32', 'float_data', 4),
  UINT8: type('U8', 'int32_data', 1),
  INT8: type('I8', 'int32_data', 1, true),
  UINT16: type('U16', 'int32_data', 2),
  INT16: type('I16', 'int32_data', 2, true),
  INT32: type('I32', 'int32_data', 4, true),
  INT64: type('I64', 'int64_data', 8, true),
  BOOL: type('BOOL', 'int32_data', 1),
  FLOAT16: type('F16', 'int32_data', 2),
  DOUBLE: type('F64', 'double_data', 8),
  UINT32: type('U32', 'uint64_data', 4),
  UINT64: type('U64', 'uint64_data', 8),
  COMPLEX64: type('C64', 'float_data', 4),
  COMPLEX128: type('C128', 'double_data', 8),
  BFLOAT16: type('BF16', 'int32_data', 2),
  FLOAT8E4M3FN: type('F8_E4M3', 'int32_data', 1),
  FLOAT8E4M3FNUZ: type('F8_E4M3FNUZ', 'int32_data', 1),
  FLOAT8E5M2: type('F8_E5M2', 'int32_data', 1),
  FLOAT8E5M2FNUZ: type('F8_E5M2FNUZ', 'int32_data', 1),
  FLOAT8E8M0: type('F8_E8M0', 'int32_data', 1),
  // Two or four elements a number: one byte of the dense tensor.
  UINT4: type('U4', 'int32_data', 1),
  INT4: type('I4', 'int32_data', 1),
  FLOAT4E2M1: type('F4', 'int32_data', 1),
  UINT2: type('U2', 'int32_data', 1),
  INT2: type('I2', 'int32_data', 1),
  // As numbers they lie one by one, dense they are packed: such tensors are taken as raw bytes only.
  FLOAT6E2M3: type('F6_E2M3', 'int32_data', 1),
  FLOAT6E3M2: type('F6_E3M2', 'int32_data', 1),
};

/** The element type of a number of `TensorProto.DataType`; `undefined` for text and for numbers that nobody knows. */
export function elementType(dataType: number | undefined): ElementType | undefined {
  const name = DATA_TYPES[dataType ?? 0];
  return name === undefined ? undefined : types[name];
}

/** The number that ONNX gives to a type of ours; `undefined` where it has none. */
export function dataTypeOf(dtype: DType): number | undefined {
  const found = DATA_TYPES.findIndex((name) => types[name]?.dtype === dtype);
  return found < 0 ? undefined : found;
}

/** The types of ours that ONNX has. */
export const ONNX_DTYPES: readonly DType[] = Object.values(types).map(({ dtype }) => dtype);

/** Whether numbers of this type may lie in its field of numbers as the dense tensor has them. */
export function hasTypedForm({ dtype }: ElementType): boolean {
  return dtype !== 'F6_E2M3' && dtype !== 'F6_E3M2';
}

/** The fields of weights, by their numbers in `TensorProto`. */
export const FIELD_NUMBERS: Readonly<Record<TypedField | 'raw_data', number>> = {
  float_data: 4,
  int32_data: 5,
  int64_data: 7,
  raw_data: 9,
  double_data: 10,
  uint64_data: 11,
};
