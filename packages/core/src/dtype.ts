/** The element types of safetensors, in the order by which its reference writer sorts. */
export const PHYSICAL = [
  'BOOL',
  'F4',
  'F6_E2M3',
  'F6_E3M2',
  'U8',
  'I8',
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'I16',
  'U16',
  'F16',
  'BF16',
  'I32',
  'U32',
  'F32',
  'C64',
  'F64',
  'I64',
  'U64',
] as const;

/** An element type that a safetensors file can name. */
export type PhysicalDType = (typeof PHYSICAL)[number];

/** Element types that safetensors lacks: kept as bytes of a physical type, with the logical one declared. */
export type LogicalDType =
  | 'C32'
  | 'BC32'
  | 'C128'
  | 'QI8'
  | 'QU8'
  | 'QI32'
  | 'QU4X2'
  | 'QU2X4'
  | 'BITS8'
  | 'BITS1X8'
  | 'BITS2X4'
  | 'BITS4X2'
  | 'BITS16'
  | 'U4'
  | 'I4'
  | 'U2'
  | 'I2';

export type DType = PhysicalDType | LogicalDType;

/** How a logical type is stored: `pair` adds a last dimension of 2, `flat` is a row of bytes, `same` keeps the shape. */
interface Storage {
  readonly bits: number;
  readonly as: PhysicalDType;
  readonly shape: 'same' | 'pair' | 'flat';
  readonly title: string;
}

const physicalBits: Readonly<Record<PhysicalDType, number>> = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
};

const logical: Readonly<Record<LogicalDType, Storage>> = {
  C32: { bits: 32, as: 'F16', shape: 'pair', title: 'complex of two half-precision floats' },
  BC32: { bits: 32, as: 'BF16', shape: 'pair', title: 'complex of two bfloat16' },
  C128: { bits: 128, as: 'F64', shape: 'pair', title: 'complex of two double-precision floats' },
  QI8: { bits: 8, as: 'I8', shape: 'same', title: 'quantised signed byte' },
  QU8: { bits: 8, as: 'U8', shape: 'same', title: 'quantised unsigned byte' },
  QI32: { bits: 32, as: 'I32', shape: 'same', title: 'quantised 32-bit integer' },
  QU4X2: { bits: 4, as: 'U8', shape: 'flat', title: 'quantised, two values a byte, low nibble first' },
  QU2X4: { bits: 2, as: 'U8', shape: 'flat', title: 'quantised, four values a byte, low bits first' },
  BITS8: { bits: 8, as: 'U8', shape: 'same', title: 'eight uninterpreted bits' },
  BITS1X8: { bits: 8, as: 'U8', shape: 'same', title: 'eight uninterpreted bits, one a value' },
  BITS2X4: { bits: 8, as: 'U8', shape: 'same', title: 'eight uninterpreted bits, two a value' },
  BITS4X2: { bits: 8, as: 'U8', shape: 'same', title: 'eight uninterpreted bits, four a value' },
  BITS16: { bits: 16, as: 'U16', shape: 'same', title: 'sixteen uninterpreted bits' },
  U4: { bits: 4, as: 'U8', shape: 'flat', title: 'unsigned integer, two a byte, low nibble first' },
  I4: { bits: 4, as: 'U8', shape: 'flat', title: 'signed integer, two a byte, low nibble first' },
  U2: { bits: 2, as: 'U8', shape: 'flat', title: 'unsigned integer, four a byte, low bits first' },
  I2: { bits: 2, as: 'U8', shape: 'flat', title: 'signed integer, four a byte, low bits first' },
};

export function isPhysical(dtype: string): dtype is PhysicalDType {
  return Object.hasOwn(physicalBits, dtype);
}

export function isDType(dtype: string): dtype is DType {
  return isPhysical(dtype) || Object.hasOwn(logical, dtype);
}

/** Bits of one element. */
export function bitsOf(dtype: DType): number {
  return isPhysical(dtype) ? physicalBits[dtype] : logical[dtype].bits;
}

/** Number of elements of a shape; exact up to 2^53, above which it is `Infinity`. */
export function elementsOf(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const length of shape) count *= length;
  return count <= Number.MAX_SAFE_INTEGER ? count : Number.POSITIVE_INFINITY;
}

/** Bytes of a dense tensor; a last byte that is not full counts whole. */
export function bytesOf(dtype: DType, shape: readonly number[]): number {
  const bits = elementsOf(shape) * bitsOf(dtype);
  return bits <= Number.MAX_SAFE_INTEGER ? Math.ceil(bits / 8) : Number.POSITIVE_INFINITY;
}

/** What a tensor of any type is in a safetensors file. The bytes are the same; only their name differs. */
export function storedAs(
  dtype: DType,
  shape: readonly number[],
): { dtype: PhysicalDType; shape: readonly number[] } {
  if (isPhysical(dtype)) return { dtype, shape };
  const storage = logical[dtype];
  if (storage.shape === 'same') return { dtype: storage.as, shape };
  return { dtype: storage.as, shape: storage.shape === 'pair' ? [...shape, 2] : [bytesOf(dtype, shape)] };
}
