import { toInt } from '../integer.ts';
import type { Json } from '../json.ts';
import type { PickleValue } from '../value.ts';
import { allow, integerOf, listOf, tagOf, textOf, wrong } from './expect.ts';

/** A JSON number: whole ones are `int`. */
export function decodeNumber(value: number): PickleValue {
  if (!Number.isInteger(value)) return { kind: 'float', value };
  if (!Number.isSafeInteger(value))
    throw wrong('a whole number above 2^53 must be written as $int or $float');
  return value + 0;
}

/** What `$float`, `$int` and `$str` stand for. */
export function decodeTagged(tag: '$float' | '$int' | '$str', payload: Json): PickleValue {
  switch (tag) {
    case '$float':
      return { kind: 'float', value: parseFloatText(textOf(payload)) };
    case '$int':
      return parseIntText(textOf(payload));
    case '$str':
      return listOf(payload)
        .map((unit) => String.fromCharCode(integerOf(unit)))
        .join('');
  }
}

/** A text or a float, however it is spelled, where nothing with parts may stand. */
export function decodeScalar(json: Json): PickleValue {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return decodeNumber(json);
  const tag = tagOf(json);
  if (tag !== '$str' && tag !== '$float') throw wrong('a text or a float is missing');
  const fields = new Map(Object.entries(json));
  allow(fields, tag, []);
  return decodeTagged(tag, fields.get(tag)!);
}

function parseFloatText(text: string): number {
  if (text === 'nan') return Number.NaN;
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  if (!/^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/.test(text)) throw wrong(`${JSON.stringify(text)} is no float`);
  return Number(text);
}

function parseIntText(text: string): number | bigint {
  const match = /^(-?)([0-9]+|0x[0-9a-f]+)$/.exec(text);
  if (match === null) throw wrong(`${JSON.stringify(text)} is no int`);
  const magnitude = BigInt(match[2]!);
  return toInt(match[1] === '-' ? -magnitude : magnitude);
}
