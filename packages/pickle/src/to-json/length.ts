import type { OpenJson } from '../json.ts';

/** About how many characters JSON takes of which the parts are not there yet; never many more. */
export function lengthOf(json: OpenJson): number {
  if (typeof json === 'string') return json.length + 3;
  if (typeof json !== 'object' || json === null) return 2;
  let length = 3;
  if (Array.isArray(json)) {
    for (const each of json) length += lengthOf(each);
    return length;
  }
  for (const key in json) length += key.length + lengthOf(json[key]!);
  return length;
}
