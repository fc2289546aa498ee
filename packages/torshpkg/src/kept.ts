import { type ByteSource, digest, fromBytes, type Limits, type Platform, pathFlaw } from '@torsh/bytes';
import { type Archive, isPhysical, type JsonObject, PROVENANCE } from '@torsh/core';
import type { KnownEntry } from '@torsh/zip';
import { canSay, redescribe } from './description.ts';
import { MANIFEST, SIDECAR } from './layout.ts';
import { formatManifest, parseManifest } from './manifest.ts';
import { type EntryRecord, NAMESPACE, recordOf } from './record.ts';
import { fileOf } from './safetensors-entry.ts';
import { formatSidecar, parseSidecar } from './sidecar.ts';

/** What preparing is lent. */
export interface Lent {
  readonly limits: Limits;
  readonly platform: Platform;
  readonly signal?: AbortSignal | undefined;
}

/** An entry of a package that is written again. */
export interface KeptEntry extends KnownEntry {
  readonly path: string;
  readonly source: ByteSource;
}

/** How the package was written from which an archive comes; `undefined` if that package has no place for all of the archive. */
export function keptRecord(archive: Archive): readonly EntryRecord[] | undefined {
  const entries = recordOf(archive);
  if (entries === undefined) return undefined;
  const paths = new Set(entries.map(({ path }) => path));
  const models = new Set(entries.map(({ model }) => model));
  const fits =
    paths.size === entries.length &&
    entries.every(({ path }) => pathFlaw(path) === undefined) &&
    Object.keys(archive.metadata).every((key) => ['torsh', NAMESPACE, PROVENANCE].includes(key)) &&
    canSay(archive.metadata.torsh) &&
    [...archive.resources.keys()].every((path) => paths.has(path)) &&
    [...archive.models.values()].every(
      ({ name, aliases, tensors }) =>
        models.has(name) &&
        aliases.size === 0 &&
        [...tensors.values()].every(({ dtype }) => isPhysical(dtype)),
    );
  return fits ? entries : undefined;
}

/**
 * The entries of the package again, in their order. What nobody changed is copied, compressed bytes too; the manifest says what
 * is described now, and sidecars have the digests of what there is now.
 */
export async function prepareKept(
  archive: Archive,
  record: readonly EntryRecord[],
  lent: Lent,
): Promise<readonly KeptEntry[]> {
  const sources = new Map<string, ByteSource>();
  for (const { path, model: name, header } of record) {
    const model = name === undefined ? undefined : archive.models.get(name);
    const source = model === undefined ? archive.resources.get(path)?.data : fileOf(model, header);
    if (source !== undefined) sources.set(path, source);
  }
  const manifest = sources.get(MANIFEST)!;
  const before = parseManifest(await manifest.read(0, manifest.size, lent), lent.limits);
  const after = redescribe(before, archive.metadata.torsh as JsonObject);
  if (after !== before) sources.set(MANIFEST, fromBytes(formatManifest(after)));
  for (const path of sources.keys()) {
    if (path.endsWith(SIDECAR)) await renewSidecar(path, record, sources, lent);
  }
  const entries: KeptEntry[] = [];
  for (const { path, modified } of record) {
    const source = sources.get(path);
    if (source === undefined) continue;
    const crc32 = source.expected?.crc32 ?? (await digest([source], { ...lent, crc32: true }))[0]!.crc32!;
    entries.push({ path, modified, crc32, source });
  }
  return entries;
}

/** A sidecar without its entry goes; one whose entry has changed gets the new digest. */
async function renewSidecar(
  path: string,
  record: readonly EntryRecord[],
  sources: Map<string, ByteSource>,
  lent: Lent,
): Promise<void> {
  const owner = path.slice(0, -SIDECAR.length);
  if (!record.some((entry) => entry.path === owner)) return;
  const file = sources.get(owner);
  if (file === undefined) {
    sources.delete(path);
    return;
  }
  const source = sources.get(path)!;
  const sidecar = parseSidecar(await source.read(0, source.size, lent), path, lent.limits);
  if (typeof sidecar.sha256 !== 'string') return;
  const sha256 = file.expected?.sha256 ?? (await digest([file], { ...lent, sha256: true }))[0]!.sha256!;
  if (sidecar.sha256.toLowerCase() !== sha256)
    sources.set(path, fromBytes(formatSidecar({ ...sidecar, sha256 })));
}

/** The archive as it is read back from what is kept. */
export function readBack(archive: Archive, entries: readonly KeptEntry[]): Archive {
  const sources = new Map(entries.map(({ path, source }) => [path, source]));
  const resources = [...archive.resources]
    .filter(([path]) => sources.has(path))
    .map(([path, resource]) => [path, { ...resource, data: sources.get(path)! }] as const);
  return { ...archive, resources: new Map(resources) };
}
