import { bitsOf } from '@torsh/core';
import { DATA_TYPES, type DataType } from '../schema/data-type.ts';
import type { TensorProto } from '../schema/message.ts';
import { elementType } from '../tensor/types.ts';

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

const COMPLEX: ReadonlySet<DataType> = new Set(['COMPLEX64', 'COMPLEX128']);

/** The element type of a tensor, where it has one that ONNX knows. */
export function typeOf({ data_type = 0 }: TensorProto): Exclude<DataType, 'UNDEFINED'> | undefined {
  const type = DATA_TYPES[data_type];
  return type === 'UNDEFINED' ? undefined : type;
}

/** How values of a type lie in a tensor. */
export function storageOf(type: Exclude<DataType, 'UNDEFINED'>): Storage {
  const element = elementType(DATA_TYPES.indexOf(type));
  if (element === undefined) return { bits: undefined, field: 'string_data', elements: 1 };
  const bits = bitsOf(element.dtype);
  // An entry has 32 bits; those of six are not packed into it.
  const elements = COMPLEX.has(type) ? 1 / 2 : 8 % bits === 0 && bits < 8 ? 32 / bits : 1;
  return { bits, field: element.field, elements };
}

/** How many bytes so many elements take in `raw_data` or in another file. */
export function rawBytes(elements: number, bits: number): number {
  return Math.ceil((elements * bits) / 8);
}
