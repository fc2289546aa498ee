import { type Limits, TorshError } from '@torsh/bytes';
import { type Context, type JsonObject, parseJson } from '@torsh/core';
import type { ZipTree } from '@torsh/zip';
import { MANIFEST, SIDECAR } from './layout.ts';
import { isObject } from './manifest.ts';
import { readEntry } from './read-entry.ts';

/** What a sidecar says of its entry. */
export type Sidecar = { readonly [key: string]: string };

/** The sidecars of an archive by the path of the entry that they belong to. */
export async function readSidecars(zip: ZipTree, context: Context): Promise<ReadonlyMap<string, Sidecar>> {
  const sidecars = new Map<string, Sidecar>();
  for (const path of zip.entries.keys()) {
    const owner = path.endsWith(SIDECAR) ? path.slice(0, -SIDECAR.length) : undefined;
    // What belongs to nothing is a file like any other.
    if (owner === undefined || owner === MANIFEST || !zip.entries.has(owner)) continue;
    const parsed = parseSidecar(await readEntry(zip, path, context), path, context.limits);
    sidecars.set(owner, textsOf(parsed, path, context));
  }
  return sidecars;
}

/** The texts of a sidecar, and a note where there is more in it. */
function textsOf(value: JsonObject, path: string, context: Context): Sidecar {
  const texts = Object.entries(value).filter(([, each]) => typeof each === 'string');
  if (texts.length < Object.keys(value).length) {
    const message = `${path} has values that are not texts; the crate reads none of it.`;
    context.report({ severity: 'note', code: 'sidecar', message, subject: path });
  }
  return Object.fromEntries(texts) as Sidecar;
}

/**
 * A sidecar from its bytes. The crate passes over one that it cannot read, and with it over the digest in it: whoever damages a
 * sidecar switches the check off. Here that is an error.
 */
export function parseSidecar(bytes: Uint8Array, path: string, limits: Limits): JsonObject {
  const value = parseJson(bytes, path, limits);
  if (!isObject(value)) throw new TorshError('malformed', `${path} is not a JSON object.`, { path });
  if (value.sha256 !== undefined && typeof value.sha256 !== 'string')
    throw new TorshError('malformed', `In ${path}, sha256 is not a text.`, { path });
  return value;
}

/** The digest that a sidecar states, in lower case; the crate writes and takes no other, but another means the same. */
export function statedDigest(sidecar: Sidecar | undefined, path: string): string | undefined {
  const stated = sidecar?.sha256?.toLowerCase();
  if (stated === undefined || /^[\da-f]{64}$/.test(stated)) return stated;
  throw new TorshError('malformed', `The sha256 of ${path} in its sidecar is no SHA-256.`, { path });
}

/** The bytes of a sidecar, as the crate prints it. */
export function formatSidecar(sidecar: JsonObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(sidecar));
}
