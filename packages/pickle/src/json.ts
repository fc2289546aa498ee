/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON value that is still being put together. */
export type OpenJson = null | boolean | number | string | OpenJson[] | { [key: string]: OpenJson };

/** A new JSON object. Without a prototype: names like `constructor` are ordinary names in it. */
export function jsonObject(): { [key: string]: OpenJson } {
  return Object.create(null) as { [key: string]: OpenJson };
}

/**
 * True for a key of a `dict` that can be a name of a plain JSON object: not like an array index, since JavaScript puts
 * those first; not a tag; and not the one name that JavaScript takes for something else.
 */
export function isPlainKey(key: string): boolean {
  return key !== '__proto__' && !key.startsWith('$') && !/^(0|[1-9][0-9]*)$/.test(key);
}
