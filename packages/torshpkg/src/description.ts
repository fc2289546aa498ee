import type { Json, JsonObject } from '@torsh/core';
import { type CrateManifest, isObject } from './manifest.ts';

/** The keys of a manifest that both formats have, and what the crate calls them. */
const SHARED: readonly (readonly [ours: string, theirs: string])[] = [
  ['name', 'name'],
  ['version', 'version'],
  ['created_at', 'created_at'],
  ['author', 'author'],
  ['description', 'description'],
  ['licence', 'license'],
];

/** What a manifest of the crate says, in the words of a `.torsh` manifest. */
export function describe(manifest: CrateManifest): JsonObject {
  const said: [string, Json][] = [];
  for (const [ours, theirs] of SHARED) {
    const value = manifest[theirs];
    if (typeof value === 'string') said.push([ours, value]);
  }
  // Crates are neither Python packages nor parts of the machine.
  if (Object.keys(manifest.dependencies).length > 0)
    said.push(['dependencies', { crates: manifest.dependencies }]);
  if (Object.keys(manifest.metadata).length > 0) said.push(['metadata', manifest.metadata]);
  return Object.fromEntries(said);
}

/** A manifest of the crate that says what is described, and keeps everything else that it said before. */
export function redescribe(manifest: CrateManifest, described: JsonObject): CrateManifest {
  const before = describe(manifest);
  const changed: [string, Json][] = [];
  for (const [ours, theirs] of SHARED) {
    if (described[ours] === before[ours]) continue;
    changed.push([theirs, typeof described[ours] === 'string' ? described[ours] : null]);
  }
  for (const [key, part] of [
    ['dependencies', isObject(described.dependencies) ? described.dependencies.crates : undefined],
    ['metadata', described.metadata],
  ] as const) {
    const value = textsOf(part);
    if (JSON.stringify(value) !== JSON.stringify(manifest[key])) changed.push([key, value]);
  }
  return changed.length === 0 ? manifest : { ...manifest, ...Object.fromEntries(changed) };
}

/** True if a manifest of the crate can say all of a description. */
export function canSay(described: Json | undefined): described is JsonObject {
  if (!isObject(described)) return false;
  for (const [key, value] of Object.entries(described)) {
    const shared = SHARED.find(([ours]) => ours === key);
    if (
      shared !== undefined
        ? typeof value !== 'string'
        : !isTexts(key === 'dependencies' ? crates(value) : value)
    )
      return false;
    if (shared === undefined && key !== 'dependencies' && key !== 'metadata') return false;
  }
  return true;
}

/** The crates of dependencies that are of crates only. */
function crates(value: Json): Json | undefined {
  return isObject(value) && Object.keys(value).join() === 'crates' ? value.crates : undefined;
}

function isTexts(value: Json | undefined): boolean {
  return isObject(value) && Object.values(value).every((each) => typeof each === 'string');
}

function textsOf(value: Json | undefined): { readonly [name: string]: string } {
  return isTexts(value) ? (value as { readonly [name: string]: string }) : {};
}
