import type { JsonScanner } from '@torsh/core';
import { integer } from './proto.ts';

/** caffe2's element types by number. */
const NAMES = [
  'UNDEFINED',
  'FLOAT',
  'INT32',
  'BYTE',
  'STRING',
  'BOOL',
  'UINT8',
  'INT8',
  'UINT16',
  'INT16',
  'INT64',
  '',
  'FLOAT16',
  'DOUBLE',
];

const QUOTE = '"'.charCodeAt(0);

/** The name of an element type, which protobuf's JSON may also give by its number. */
export function typeName(json: JsonScanner): string {
  if (json.next() === QUOTE) return json.string();
  const number = integer(json);
  return NAMES[number] ?? String(number);
}

/** The storage classes of caffe2's types. */
const STORAGES: ReadonlyMap<string, string> = new Map([
  ['FLOAT', 'FloatStorage'],
  ['DOUBLE', 'DoubleStorage'],
  ['FLOAT16', 'HalfStorage'],
  ['BFLOAT16', 'BFloat16Storage'],
  ['INT64', 'LongStorage'],
  ['INT32', 'IntStorage'],
  ['INT16', 'ShortStorage'],
  ['INT8', 'CharStorage'],
  ['UINT8', 'ByteStorage'],
  ['BYTE', 'ByteStorage'],
  ['BOOL', 'BoolStorage'],
]);

/** A quantised tensor names the type of the integers that it is made of. */
const QUANTISED: ReadonlyMap<string, string> = new Map([
  ['INT8', 'QInt8Storage'],
  ['UINT8', 'QUInt8Storage'],
  ['INT32', 'QInt32Storage'],
]);

/** The class that torch would give a storage of that type. */
export function storageClass(dataType: string, quantised: boolean): string | undefined {
  return (quantised ? QUANTISED : STORAGES).get(dataType);
}
