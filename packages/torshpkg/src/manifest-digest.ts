import type { Context, Json, JsonObject } from '@torsh/core';
import { type CrateManifest, isObject } from './manifest.ts';
import { type OxicodeWriter, oxicodeWriter } from './oxicode.ts';

/** The SHA-256 of a manifest in the crate's encoding, its maps in the order in which they stand there. */
export function manifestDigest(manifest: CrateManifest, { platform }: Context): string {
  const to = oxicodeWriter();
  writeManifest(manifest, to);
  const hasher = platform.sha256();
  hasher.update(to.finish());
  return hasher.digest();
}

/** Writes the fields of a manifest in the order of the crate. */
function writeManifest(manifest: CrateManifest, to: OxicodeWriter): void {
  const text = (value: Json | undefined) => to.text(typeof value === 'string' ? value : '');
  const optional = (value: Json | undefined) =>
    to.option(typeof value === 'string' ? value : undefined, to.text);
  const objects = (value: Json | undefined) =>
    (Array.isArray(value) ? value.filter(isObject) : []) as JsonObject[];
  text(manifest.name);
  text(manifest.version);
  text(manifest.format_version);
  text(dateOf(manifest.created_at));
  optional(manifest.author);
  optional(manifest.description);
  optional(manifest.license);
  to.list(objects(manifest.modules), (module) => {
    for (const key of ['name', 'class_name', 'version']) text(module[key]);
    to.list(Array.isArray(module.dependencies) ? (module.dependencies as Json[]) : [], text);
    to.number(module.has_source === true ? 1 : 0);
  });
  to.list(objects(manifest.resources), (resource) => {
    for (const key of ['name', 'resource_type']) text(resource[key]);
    to.number(
      typeof resource.size === 'number' && Number.isSafeInteger(resource.size) && resource.size >= 0
        ? resource.size
        : 0,
    );
    text(resource.sha256);
    optional(resource.compression);
  });
  to.texts(manifest.dependencies);
  to.texts(manifest.metadata);
  to.option(isObject(manifest.signature) ? manifest.signature : undefined, (signature) => {
    for (const key of ['algorithm', 'key_id', 'signature', 'signed_at']) text(signature[key]);
  });
}

/** A date as chrono prints it: in UTC. */
function dateOf(date: string): string {
  return date.replace(' ', 'T').replace(/\+00:00$/, 'Z');
}
