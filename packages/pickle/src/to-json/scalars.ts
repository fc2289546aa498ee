import { MAX_DIGITS } from '../integer.ts';
import type { OpenJson } from '../json.ts';
import { formatFloat } from '../scalars.ts';
import { hasLoneSurrogate } from '../utf8.ts';
import type { PickleValue, PyFloat } from '../value.ts';

/** The JSON of a number, a text, a truth value or None; `undefined` for all other values. */
export function encodeScalar(value: PickleValue): OpenJson | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'number':
      return value;
    case 'bigint':
      return { $int: formatInt(value) };
    case 'string':
      return hasLoneSurrogate(value) ? { $str: codeUnits(value) } : value;
  }
  if (value === null) return null;
  return !(value instanceof Uint8Array) && value.kind === 'float' ? encodeFloat(value) : undefined;
}

/** JSON has one kind of number: whole ones are `int`, so whole floats and what JSON lacks are written as text. */
export function encodeFloat({ value }: PyFloat): OpenJson {
  return Number.isFinite(value) && !Number.isInteger(value) ? value : { $float: formatFloat(value) };
}

/** Decimal digits take quadratic time, so very long numbers are hexadecimal. */
function formatInt(value: bigint): string {
  if (BigInt.asIntN(3 * MAX_DIGITS, value) === value) return value.toString();
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

function codeUnits(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}
