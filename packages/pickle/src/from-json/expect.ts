import { TorshError } from '@torsh/bytes';
import { decodeBase64 } from '../base64.ts';
import type { Json } from '../json.ts';
import type { Fields } from './task.ts';

// JSON as what it must be where it stands, or else an error.

/** A whole number that JavaScript holds exactly. */
export function integerOf(json: Json): number {
  if (!Number.isSafeInteger(json)) throw wrong('a whole number is missing');
  return json as number;
}

/** A text. */
export function textOf(json: Json): string {
  if (typeof json !== 'string') throw wrong('a text is missing');
  return json;
}

/** A list. */
export function listOf(json: Json): readonly Json[] {
  if (!isArray(json)) throw wrong('a list is missing');
  return json;
}

/** Bytes in base64. */
export function bytesOf(json: Json): Uint8Array {
  const bytes = decodeBase64(textOf(json));
  if (bytes === undefined) throw wrong('some bytes are not base64');
  return bytes;
}

/** Other names beside the tag would be lost, so they are refused. */
export function allow(fields: Fields, tag: string, others: readonly string[]): void {
  for (const name of fields.keys()) {
    if (name !== tag && !others.includes(name))
      throw wrong(`${JSON.stringify(name)} does not belong beside ${tag}`);
  }
}

/** The tag of a JSON object that stands for something else. */
export function tagOf(json: Json): string | undefined {
  if (json === null || typeof json !== 'object' || isArray(json)) return undefined;
  return Object.keys(json).find((name) => name.startsWith('$'));
}

/** True for a list; `Array.isArray` alone does not know readonly ones. */
export function isArray(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

/** The error for JSON that `toJson` does not write. */
export function wrong(what: string): TorshError {
  return new TorshError('malformed', `This is not the JSON of Python values: ${what}.`);
}
