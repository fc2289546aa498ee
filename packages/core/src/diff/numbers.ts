import type { PhysicalDType } from '../dtype.ts';

/** Stored bytes as numbers of double precision; little-endian, whatever the machine is. */
export type Decode = (bytes: Uint8Array, into: Float64Array) => void;

/** How a type is made into numbers; absent for types whose bytes are compared and nothing else. */
export interface NumberType {
  readonly bytes: number;
  readonly decode: Decode;
}

/** The type of the stored numbers, if they are numbers of whole bytes. Types of 64 bits are compared exactly elsewhere. */
export function numberType(dtype: PhysicalDType): NumberType | undefined {
  if (!made.has(dtype)) made.set(dtype, types[dtype]?.());
  return made.get(dtype);
}

/** Tables are made when first needed, and kept: there may be a hundred thousand tensors. */
const made = new Map<PhysicalDType, NumberType | undefined>();

const types: { readonly [Type in PhysicalDType]?: () => NumberType } = {
  BOOL: () => byTable(8, (code) => (code === 0 ? 0 : 1)),
  U8: () => byTable(8, (code) => code),
  I8: () => byTable(8, (code) => (code << 24) >> 24),
  U16: () => byTable(16, (code) => code),
  I16: () => byTable(16, (code) => (code << 16) >> 16),
  U32: () => byView(4, (view, at) => view.getUint32(at, true)),
  I32: () => byView(4, (view, at) => view.getInt32(at, true)),
  F16: () => byTable(16, (code) => floatOf(code, { exponent: 5, mantissa: 10, bias: 15, special: 'ieee' })),
  BF16: () => byTable(16, (code) => floatOf(code, { exponent: 8, mantissa: 7, bias: 127, special: 'ieee' })),
  F32: () => byView(4, (view, at) => view.getFloat32(at, true)),
  C64: () => byView(4, (view, at) => view.getFloat32(at, true)),
  F64: () => byView(8, (view, at) => view.getFloat64(at, true)),
  F8_E5M2: () => byTable(8, (code) => floatOf(code, { exponent: 5, mantissa: 2, bias: 15, special: 'ieee' })),
  F8_E4M3: () => byTable(8, (code) => floatOf(code, { exponent: 4, mantissa: 3, bias: 7, special: 'last' })),
  F8_E5M2FNUZ: () =>
    byTable(8, (code) => floatOf(code, { exponent: 5, mantissa: 2, bias: 16, special: 'zero' })),
  F8_E4M3FNUZ: () =>
    byTable(8, (code) => floatOf(code, { exponent: 4, mantissa: 3, bias: 8, special: 'zero' })),
  F8_E8M0: () => byTable(8, (code) => (code === 255 ? Number.NaN : 2 ** (code - 127))),
};

/** The layout of a small float, and which of its codes are no numbers. */
interface Layout {
  readonly exponent: number;
  readonly mantissa: number;
  readonly bias: number;
  /** `ieee`: the last exponent is infinite or NaN; `last`: the last code is NaN; `zero`: minus zero is NaN. */
  readonly special: 'ieee' | 'last' | 'zero';
}

function floatOf(code: number, { exponent: bits, mantissa, bias, special }: Layout): number {
  const sign = code >>> (bits + mantissa) === 1 ? -1 : 1;
  const exponent = (code >>> mantissa) & (2 ** bits - 1);
  const fraction = code & (2 ** mantissa - 1);
  const last = exponent === 2 ** bits - 1;
  if (special === 'ieee' && last) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (special === 'last' && last && fraction === 2 ** mantissa - 1) return Number.NaN;
  if (special === 'zero' && sign < 0 && exponent === 0 && fraction === 0) return Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - mantissa);
  return sign * (1 + fraction / 2 ** mantissa) * 2 ** (exponent - bias);
}

/** Small types have few codes; each is worked out once. */
function byTable(bits: 8 | 16, meaning: (code: number) => number): NumberType {
  const table = Float64Array.from({ length: 2 ** bits }, (_, code) => meaning(code));
  if (bits === 8) {
    return {
      bytes: 1,
      decode(bytes, into) {
        for (let index = 0; index < bytes.length; index++) into[index] = table[bytes[index]!]!;
      },
    };
  }
  return {
    bytes: 2,
    decode(bytes, into) {
      for (let at = 0; at + 1 < bytes.length; at += 2)
        into[at >> 1] = table[bytes[at]! | (bytes[at + 1]! << 8)]!;
    },
  };
}

function byView(bytes: 4 | 8, get: (view: DataView, at: number) => number): NumberType {
  return {
    bytes,
    decode(block, into) {
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
      for (let at = 0, index = 0; at < block.length; at += bytes, index++) into[index] = get(view, at);
    },
  };
}
