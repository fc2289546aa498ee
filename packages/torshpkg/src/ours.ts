import { type ByteSource, type FileTreeSink, fromBytes, transfer } from '@torsh/bytes';
import type { Archive, Context, Json, JsonObject } from '@torsh/core';
import { MANIFEST, SIDECAR } from './layout.ts';
import { LETTER } from './letter.ts';
import { formatManifest, isObject, isVersion } from './manifest.ts';
import { type Placed, place } from './placing.ts';
import { fileOf } from './safetensors-entry.ts';
import { formatSidecar } from './sidecar.ts';

/** The version that stands in a manifest where an archive has none. */
const NO_VERSION = '0.0.0';
const NO_DATE = '1980-01-01T00:00:00Z';

/** Writes an archive that never was a package of the crate: the crate reads all of it, and we read back what it was. */
export async function writeOurs(
  archive: Archive,
  zip: FileTreeSink,
  name: string,
  context: Context,
  progress: (bytes: number) => void,
): Promise<void> {
  await put(zip, MANIFEST, fromBytes(formatManifest(manifestOf(archive, name, context))), context);
  for (const placed of place(archive)) {
    const source = placed.model === undefined ? placed.resource!.data : fileOf(placed.model);
    const sha256 = await put(zip, placed.entry, source, context, progress);
    await put(zip, placed.entry + SIDECAR, fromBytes(formatSidecar(sidecarOf(placed, sha256))), context);
  }
}

async function put(
  zip: FileTreeSink,
  path: string,
  source: ByteSource,
  { platform, signal }: Context,
  progress?: (bytes: number) => void,
): Promise<string> {
  const sink = await zip.create(path, { size: source.size });
  const [found] = await transfer([source], sink, {
    platform,
    signal,
    sha256: true,
    ...(progress === undefined ? {} : { progress }),
  });
  await sink.close();
  return found!.sha256!;
}

/** What the crate cannot see in an entry, and what it would forget: its path, and types that it guesses by the ending. */
function sidecarOf({ type, model, resource }: Placed, sha256: string): JsonObject {
  if (model !== undefined) return { sha256, resource_type: type, format: 'safetensors', model: model.name };
  const { path, role, mediaType } = resource!;
  return { sha256, resource_type: type, path, role, media_type: mediaType };
}

function manifestOf({ metadata, incidental }: Archive, file: string, { platform }: Context): JsonObject {
  const { torsh, ...records } = metadata;
  const described = isObject(torsh) ? torsh : {};
  const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
  const now = platform.now?.().toISOString();
  const invented: Record<string, string> = {};
  const required = (key: string, value: string | null, instead: string): string => {
    if (value === null || value === '') invented[key] = instead;
    return invented[key] ?? value!;
  };
  const name = required('name', text(described.name), stemOf(file));
  const version = required('version', isVersion(described.version) ? described.version : null, NO_VERSION);
  const created = required('created_at', dateOf(described.created_at), now ?? NO_DATE);
  const letter = {
    ...(torsh === undefined ? {} : { torsh }),
    invented,
    records,
    incidental: [...incidental],
  };
  return {
    name,
    version,
    format_version: '1.0.0',
    created_at: created,
    author: text(described.author),
    description: text(described.description),
    license: text(described.licence),
    modules: [],
    resources: [],
    dependencies: textsIn(isObject(described.dependencies) ? described.dependencies.crates : undefined),
    metadata: { ...textsIn(described.metadata), [LETTER]: JSON.stringify(letter) },
    signature: null,
  };
}

/** A date that the crate reads. */
function dateOf(value: Json | undefined): string | null {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? value : null;
}

/** The members of an object that are texts; all of it is in the letter. */
function textsIn(value: Json | undefined): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, each]) => typeof each === 'string'));
}

function stemOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '') || 'package';
}
