import type { DType } from '@torsh/core';

/** What torch calls an element type, what torsh calls it, and how it lies in memory. */
export interface ElementType {
  readonly dtype: DType;
  /** Bytes of one element as torch counts them; a byte for types that pack several values into one. */
  readonly itemBytes: number;
  /** Bytes of one number of the element, which is what a byte order swaps: half of a complex number. */
  readonly numberBytes: number;
}

function element(dtype: DType, itemBytes: number, numberBytes: number = itemBytes): ElementType {
  return { dtype, itemBytes, numberBytes };
}

/** `torch.float32` and its like, by the name behind `torch.`. */
export const dtypes: ReadonlyMap<string, ElementType> = new Map([
  ['float64', element('F64', 8)],
  ['float32', element('F32', 4)],
  ['float16', element('F16', 2)],
  ['bfloat16', element('BF16', 2)],
  ['complex128', element('C128', 16, 8)],
  ['complex64', element('C64', 8, 4)],
  ['complex32', element('C32', 4, 2)],
  ['bcomplex32', element('BC32', 4, 2)],
  ['int64', element('I64', 8)],
  ['int32', element('I32', 4)],
  ['int16', element('I16', 2)],
  ['int8', element('I8', 1)],
  ['uint64', element('U64', 8)],
  ['uint32', element('U32', 4)],
  ['uint16', element('U16', 2)],
  ['uint8', element('U8', 1)],
  ['bool', element('BOOL', 1)],
  ['float8_e5m2', element('F8_E5M2', 1)],
  ['float8_e4m3fn', element('F8_E4M3', 1)],
  ['float8_e5m2fnuz', element('F8_E5M2FNUZ', 1)],
  ['float8_e4m3fnuz', element('F8_E4M3FNUZ', 1)],
  ['float8_e8m0fnu', element('F8_E8M0', 1)],
  ['float4_e2m1fn_x2', element('F4', 1)],
  ['qint8', element('QI8', 1)],
  ['quint8', element('QU8', 1)],
  ['qint32', element('QI32', 4)],
  ['quint4x2', element('QU4X2', 1)],
  ['quint2x4', element('QU2X4', 1)],
  ['bits8', element('BITS8', 1)],
  ['bits1x8', element('BITS1X8', 1)],
  ['bits2x4', element('BITS2X4', 1)],
  ['bits4x2', element('BITS4X2', 1)],
  ['bits16', element('BITS16', 2)],
]);

/** Every type that torch has. */
export const torchTypes: readonly DType[] = Array.from(dtypes.values(), ({ dtype }) => dtype);

const storages: ReadonlyMap<string, string> = new Map([
  ['DoubleStorage', 'float64'],
  ['FloatStorage', 'float32'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['ComplexDoubleStorage', 'complex128'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexHalfStorage', 'complex32'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['UInt16Storage', 'uint16'],
  ['UInt32Storage', 'uint32'],
  ['UInt64Storage', 'uint64'],
  ['Float8_e5m2Storage', 'float8_e5m2'],
  ['Float8_e4m3fnStorage', 'float8_e4m3fn'],
  ['Float8_e5m2fnuzStorage', 'float8_e5m2fnuz'],
  ['Float8_e4m3fnuzStorage', 'float8_e4m3fnuz'],
  ['Float8_e8m0fnuStorage', 'float8_e8m0fnu'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['QUInt4x2Storage', 'quint4x2'],
  ['QUInt2x4Storage', 'quint2x4'],
  ['Bits8Storage', 'bits8'],
  ['Bits1x8Storage', 'bits1x8'],
  ['Bits2x4Storage', 'bits2x4'],
  ['Bits4x2Storage', 'bits4x2'],
  ['Bits16Storage', 'bits16'],
]);

/** A storage of bytes whose type each tensor names for itself. */
export const UNTYPED = 'UntypedStorage';

const byDType = new Map(Array.from(dtypes.values(), (type) => [type.dtype, type] as const));

/** The element type that a type of torsh is in torch; `undefined` for a type that torch lacks. */
export function elementType(dtype: DType): ElementType | undefined {
  return byDType.get(dtype);
}

const names = new Map(Array.from(dtypes, ([name, { dtype }]) => [dtype, name] as const));

/** What torch calls a type of torsh, behind `torch.`; `undefined` for a type that torch lacks. */
export function torchName(dtype: DType): string | undefined {
  return names.get(dtype);
}

/** The types whose storages have a class of their own in Python; torch saves all newer ones through untyped storages. */
const TYPED = /^(float(64|32|16)|bfloat16|complex(128|64)|int(64|32|16|8)|uint8|bool|q.*)$/;
const classes = new Map(
  Array.from(storages, ([className, name]) => [dtypes.get(name)!.dtype, className] as const).filter(
    ([dtype]) => TYPED.test(names.get(dtype)!),
  ),
);

/** The class of the storage in which torch.save puts a type. */
export function storageClass(dtype: DType): string {
  return classes.get(dtype) ?? UNTYPED;
}

/** The element type of a storage class; `undefined` for a class that is not a storage. Untyped storages count bytes. */
export function storageType(className: string): ElementType | undefined {
  if (className === UNTYPED) return dtypes.get('uint8');
  return dtypes.get(storages.get(className) ?? '');
}
