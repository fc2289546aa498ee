import { defaultLimits, isTorshError } from '@torsh/bytes';
import type { Json, JsonObject } from '../archive.ts';
import { RequestError } from '../request.ts';
import { jsonFlaw } from './json-flaw.ts';
import { parseVersion } from './version/index.ts';

/** What a package says of itself; all of it is optional. */
export interface PackageMetadata {
  readonly name?: string | undefined;
  /** A version of SemVer 2.0.0. */
  readonly version?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly author?: string | undefined;
  readonly description?: string | undefined;
  /** Best an SPDX expression. */
  readonly licence?: string | undefined;
  /** Anything else. */
  readonly metadata?: JsonObject | undefined;
}

/** The keys of the manifest that describe a package, in the order of the specification. */
const DESCRIPTIVE: readonly string[] = [
  'name',
  'version',
  'created_at',
  'author',
  'description',
  'licence',
  'dependencies',
  'metadata',
];

/** The description with some of it replaced. `null` takes a key away; keys that nobody knows stay. */
export function describeAs(
  before: JsonObject,
  changes: { readonly [Key in keyof PackageMetadata]?: PackageMetadata[Key] | null } & {
    dependencies?: Json | null;
  },
): JsonObject {
  const { createdAt, ...plain } = changes;
  const after = new Map<string, Json>(Object.entries(before));
  const set = (key: string, value: Json | null | undefined): void => {
    if (value === undefined) return;
    if (value === null) after.delete(key);
    else after.set(key, value);
  };
  for (const [key, value] of Object.entries(plain)) set(key, checked(key, value as Json | undefined));
  set('created_at', createdAt === null ? null : dateText(createdAt));
  return inOrder(before, after);
}

/** What was there stays where it is; what is new comes before what the specification has behind it. */
function inOrder(before: JsonObject, after: ReadonlyMap<string, Json>): JsonObject {
  const keys = Object.keys(before).filter((key) => after.has(key));
  const fresh = [...after.keys()].filter((key) => !Object.hasOwn(before, key));
  for (const key of fresh) {
    const behind = DESCRIPTIVE.slice(DESCRIPTIVE.indexOf(key) + 1);
    const at = keys.findIndex((each) => behind.includes(each));
    keys.splice(at < 0 ? keys.length : at, 0, key);
  }
  return Object.fromEntries(keys.map((key) => [key, after.get(key)!]));
}

function checked(key: string, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return value;
  if (key === 'metadata' || key === 'dependencies') {
    if (typeof value !== 'object' || Array.isArray(value)) throw new RequestError(`${key} is not an object.`);
    const flaw = jsonFlaw(value, defaultLimits);
    if (flaw !== undefined) throw new RequestError(`The ${key} cannot be written as JSON: ${flaw}.`);
    return value;
  }
  if (!DESCRIPTIVE.includes(key))
    throw new RequestError(`A package does not say its ${JSON.stringify(key)}; put it into metadata.`);
  if (typeof value !== 'string') throw new RequestError(`The ${key} of a package is a text.`);
  if (key === 'name' && value.trim() === '') throw new RequestError('The name of a package is empty.');
  if (key === 'version') checkVersion(value);
  return value;
}

function checkVersion(version: string): void {
  try {
    parseVersion(version);
  } catch (error) {
    throw isTorshError(error) ? new RequestError(error.message) : error;
  }
}

function dateText(date: Date | undefined): string | undefined {
  if (date !== undefined && Number.isNaN(date.getTime())) throw new RequestError('The date is no date.');
  return date?.toISOString();
}

/** A value of a manifest as an object; nobody promises that it is one. */
export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
