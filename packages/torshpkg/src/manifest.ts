import { type Limits, TorshError } from '@torsh/bytes';
import { type Json, type JsonObject, parseJson, parseVersion } from '@torsh/core';
import { MANIFEST } from './layout.ts';

/** `MANIFEST.json` of the crate, with every key that it has. */
export interface CrateManifest extends JsonObject {
  readonly name: string;
  readonly version: string;
  readonly format_version: string;
  readonly created_at: string;
  readonly dependencies: { readonly [name: string]: string };
  readonly metadata: { readonly [name: string]: string };
}

/** A date and a time with their zone, as chrono reads them. */
const DATE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** A manifest from its bytes, by the rules of the crate. */
export function parseManifest(bytes: Uint8Array, limits: Limits): CrateManifest {
  const value = parseJson(bytes, MANIFEST, limits);
  if (!isObject(value)) throw wrong('it', 'an object');
  const { name, version, format_version, created_at, author, description, license, modules, resources } =
    value;
  if (typeof name !== 'string' || name === '') throw wrong('name', 'a text that is not empty');
  if (!isVersion(version)) throw wrong('version', 'a version of SemVer');
  if (!isVersion(format_version)) throw wrong('format_version', 'a version of SemVer');
  if (!format_version.startsWith('1.')) {
    const message = `This package is of format version ${format_version}; 1.x is read. Update torsh.`;
    throw new TorshError('unsupported', message, { path: MANIFEST });
  }
  if (typeof created_at !== 'string' || !DATE.test(created_at))
    throw wrong('created_at', 'a date with its zone');
  for (const [key, each] of Object.entries({ author, description, license })) {
    if (each !== undefined && each !== null && typeof each !== 'string') throw wrong(key, 'a text or null');
  }
  for (const [key, each] of Object.entries({ modules, resources })) {
    if (!Array.isArray(each)) throw wrong(key, 'a list');
  }
  texts(value.dependencies, 'dependencies');
  texts(value.metadata, 'metadata');
  return value as CrateManifest;
}

/** The bytes of a manifest as the crate prints it. */
export function formatManifest(manifest: JsonObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(manifest, null, 2));
}

/** True for a text that the crate takes as a version. */
export function isVersion(value: Json | undefined): value is string {
  if (typeof value !== 'string') return false;
  try {
    parseVersion(value);
    return true;
  } catch {
    return false;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: Json | undefined, key: string): void {
  if (!isObject(value)) throw wrong(key, 'an object');
  for (const [name, each] of Object.entries(value)) {
    if (typeof each !== 'string') throw wrong(`${key}.${name}`, 'a text');
  }
}

function wrong(what: string, wanted: string): TorshError {
  return new TorshError('malformed', `In ${MANIFEST}, ${what} is not ${wanted}.`, { path: MANIFEST });
}
