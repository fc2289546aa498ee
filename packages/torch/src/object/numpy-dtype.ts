import { isKind, type PickleValue, type PyObject } from '@torsh/pickle';
import { callOf, itemsOf, nameOf } from './arguments.ts';
import { dtypes, type ElementType } from './storage-types.ts';

/** A numpy dtype as a pickle holds it. */
export interface NumpyType {
  /** As numpy writes it: `<f8`, `|u1`, `<U5`, or the name of a type of ml_dtypes. */
  readonly text: string;
  /** The type that torch has for it too; absent for texts, dates, records and objects. */
  readonly type?: ElementType;
  readonly bigEndian: boolean;
  /** Bytes of one element; absent where the pickle has Python objects instead. */
  readonly itemBytes?: number;
}

/** What numpy calls the types that torch has too. */
const numbers: ReadonlyMap<string, string> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['c16', 'complex128'],
  ['c8', 'complex64'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u8', 'uint64'],
  ['u4', 'uint32'],
  ['u2', 'uint16'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
]);

/** Types of the package ml_dtypes, which JAX and TensorFlow give to numpy, by the names of torch. */
const learned = new Set([
  'bfloat16',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
]);

/** Bytes of one unit of a kind of dtype: numpy counts the characters of texts, which take four bytes each. */
const UNIT_BYTES: Readonly<Record<string, number>> = { U: 4 };

/** `numpy.dtype('f4', False, True)` with the state `(3, '<', …)`, where `<`, `>` and `|` tell the byte order. */
export function numpyTypeOf(value: PickleValue | undefined): NumpyType | undefined {
  if (callOf(value) !== 'numpy.dtype' || !isKind(value, 'object')) return undefined;
  const [argument] = itemsOf(value.args, 'The arguments of numpy.dtype', 1);
  const order = orderOf(value);
  const name = nameOf(argument)?.replace(/^ml_dtypes\./, '');
  if (name !== undefined) {
    const type = learned.has(name) ? dtypes.get(name) : undefined;
    return type && { text: name, type, bigEndian: order === '>', itemBytes: type.itemBytes };
  }
  const [, kind, count] = (typeof argument === 'string' && /^([A-Za-z])(\d{0,9})$/.exec(argument)) || [];
  if (kind === undefined) return undefined;
  const text = `${order}${kind}${count}`;
  if (kind === 'O') return { text, bigEndian: false };
  const itemBytes = Number(count === '' ? 8 : count) * (UNIT_BYTES[kind] ?? 1);
  const type = isUsual(value) ? dtypes.get(numbers.get(`${kind}${count}`) ?? '') : undefined;
  return { text, bigEndian: order === '>', itemBytes, ...(type && { type }) };
}

function orderOf({ states }: PyObject): string {
  if (states.length === 0) return '|';
  const order = itemsOf(states[0], 'The state of numpy.dtype', 2)[1];
  return order === '>' || order === '|' ? order : '<';
}

/** A dtype that says nothing but kind, size and order: no fields, no subarray, no metadata. */
function isUsual({ states }: PyObject): boolean {
  if (states.length === 0) return true;
  const [, , subarray = null, names = null, fields = null] = itemsOf(
    states[0],
    'The state of numpy.dtype',
    2,
  );
  const length = itemsOf(states[0], 'The state of numpy.dtype').length;
  return subarray === null && names === null && fields === null && length <= 8;
}
