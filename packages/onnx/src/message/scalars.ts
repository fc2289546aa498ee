import { TorshError } from '@torsh/bytes';
import type protobuf from 'protobufjs/minimal.js';
import type { Int64 } from '../schema/message.ts';

type Reader = InstanceType<typeof protobuf.Reader>;

/** How fields lie in a file, by the numbers of protobuf. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const GROUP_START = 3;
export const GROUP_END = 4;
export const FIXED32 = 5;

/** How one value of a kind of number is read, and as which wire type it lies alone. */
export interface Scalar {
  readonly wire: number;
  /** The fewest bytes of one value. */
  readonly least: number;
  read(reader: Reader): Int64;
}

export const scalars: { readonly [kind in 'size' | 'int64' | 'enum' | 'float']: Scalar } = {
  size: { wire: VARINT, least: 1, read: readSize },
  int64: { wire: VARINT, least: 1, read: readInt64 },
  enum: { wire: VARINT, least: 1, read: (reader) => reader.int32() },
  float: { wire: FIXED32, least: 4, read: (reader) => reader.float() },
};

/** The wire types in which the values of a payload lie where each has its own tag. */
export const alone: Readonly<Record<string, number>> = {
  float_data: FIXED32,
  int32_data: VARINT,
  string_data: LENGTH,
  int64_data: VARINT,
  raw_data: LENGTH,
  double_data: FIXED64,
  uint64_data: VARINT,
};

function readInt64(reader: Reader): Int64 {
  const { low, high } = reader.int64();
  const value = high * 2 ** 32 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function readSize(reader: Reader): number {
  const value = readInt64(reader);
  if (typeof value === 'number') return value;
  throw new TorshError('limit', `A size here is ${value}, beyond 2^53; no real tensor is that large.`);
}
