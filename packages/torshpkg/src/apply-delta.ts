import { type ByteSource, digest, fromBytes, isTorshError, pathFlaw, TorshError } from '@torsh/bytes';
import { type Archive, type Context, type Json, mediaTypeOf, type Resource } from '@torsh/core';
import type { Delta, DeltaOperation } from './delta.ts';
import { describe } from './description.ts';
import { gunzip } from './gunzip.ts';
import { basename, folderOf, MANIFEST, roleOf, SIDECAR, typeOf } from './layout.ts';
import { type CrateManifest, formatManifest, parseManifest } from './manifest.ts';
import { manifestDigest } from './manifest-digest.ts';
import { type EntryRecord, NAMESPACE, recordOf } from './record.ts';
import { formatSidecar } from './sidecar.ts';

/** What is changed step by step; the archive that it began as stays as it is. */
interface Draft {
  readonly resources: Map<string, Resource>;
  readonly entries: EntryRecord[];
  /** Where what was removed lay, by the name that the delta has for it. */
  readonly removed: Map<string, string>;
  manifest: CrateManifest;
}

/** The date of entries that are new. */
const EPOCH = 0x00210000;

/**
 * The package that a delta makes of another one. Unlike the crate, it changes nothing where a step fails, passes over no step,
 * and knows resources by their whole path where a name leaves no doubt.
 */
export async function applyDelta(archive: Archive, delta: Delta, context: Context): Promise<Archive> {
  const record = recordOf(archive);
  if (record === undefined)
    throw new TorshError(
      'unsupported',
      'A delta changes a package of the Rust crate; this archive is none.',
      { format: NAMESPACE },
    );
  const manifest = archive.resources.get(MANIFEST)!.data;
  const before = parseManifest(await manifest.read(0, manifest.size, context), context.limits);
  if (before.version !== delta.fromVersion) {
    const message = `This delta is for version ${delta.fromVersion}; the package is of version ${before.version}.`;
    throw new TorshError('unsupported', message, { format: NAMESPACE });
  }
  const draft: Draft = {
    removed: new Map(),
    resources: new Map(archive.resources),
    entries: [...record],
    manifest: before,
  };
  for (const operation of delta.operations) {
    context.signal.throwIfAborted();
    await apply(operation, draft, archive, context);
  }
  // The crate forgets to name the new version where nothing but resources changed.
  const after = { ...draft.manifest, version: delta.toVersion };
  draft.resources.set(MANIFEST, {
    ...archive.resources.get(MANIFEST)!,
    data: fromBytes(formatManifest(after)),
  });
  checkTarget(after, delta, context);
  return {
    ...archive,
    resources: draft.resources,
    metadata: {
      ...archive.metadata,
      torsh: describe(after),
      [NAMESPACE]: { entries: draft.entries as unknown as Json },
    },
  };
}

async function apply(
  operation: DeltaOperation,
  draft: Draft,
  archive: Archive,
  context: Context,
): Promise<void> {
  switch (operation.kind) {
    case 'add':
      return add(operation, draft);
    case 'remove':
      return remove(operation.name, find(operation.name, draft, archive), draft);
    case 'modify':
      return modify(operation, find(operation.name, draft, archive), draft, context);
    case 'manifest':
      draft.manifest = redescribed(draft.manifest, operation.field, operation.value);
  }
}

/** The crate makes data of everything that it adds. What was removed before is a replacement, and keeps its place. */
function add({ name, data, metadata }: Extract<DeltaOperation, { kind: 'add' }>, draft: Draft): void {
  const path = draft.removed.get(name) ?? folderOf('Data') + name;
  const flaw = pathFlaw(path);
  if (flaw !== undefined)
    throw new TorshError('unsafe', `The delta adds ${JSON.stringify(name)}: ${flaw}.`, { path });
  if (draft.resources.has(path))
    throw new TorshError('malformed', `The delta adds ${path}, which is there already.`, { path });
  put(path, fromBytes(data), draft);
  if (Object.keys(metadata).length > 0) put(path + SIDECAR, fromBytes(formatSidecar(metadata)), draft);
}

function put(path: string, data: ByteSource, { resources, entries }: Draft): void {
  const role = path.endsWith(SIDECAR) ? 'other' : roleOf(typeOf(path));
  resources.set(path, { path, role, mediaType: mediaTypeOf(path) ?? 'application/octet-stream', data });
  entries.push({ path, modified: EPOCH });
}

function remove(name: string, path: string, { resources, entries, removed }: Draft): void {
  removed.set(name, path);
  for (const each of [path, path + SIDECAR]) {
    resources.delete(each);
    const at = entries.findIndex((entry) => entry.path === each);
    if (at >= 0) entries.splice(at, 1);
  }
}

async function modify(
  { diff, oldHash, newHash }: Extract<DeltaOperation, { kind: 'modify' }>,
  path: string,
  { resources }: Draft,
  context: Context,
): Promise<void> {
  const { platform, signal, limits } = context;
  const resource = resources.get(path)!;
  const sha256 = async (data: ByteSource) =>
    (await digest([data], { platform, signal, sha256: true }))[0]!.sha256!;
  await compare(path, 'old', await sha256(resource.data), oldHash);
  const most = Math.min(limits.inflatedBytes, diff.length * limits.inflateRatio + 1024);
  const data = fromBytes(await gunzip(diff, most, platform));
  await compare(path, 'new', await sha256(data), newHash);
  resources.set(path, { ...resource, data });
}

async function compare(path: string, which: string, found: string, wanted: string): Promise<void> {
  if (found === wanted) return;
  const message = `The ${which} content of ${path} has the SHA-256 ${found}; the delta says ${wanted}.`;
  throw new TorshError('malformed', message, { format: NAMESPACE, path });
}

/** The entry that the crate means by a name: it knows only last segments. */
function find(name: string, { resources }: Draft, { models }: Archive): string {
  const found = [...resources.keys()].filter(
    (path) => path !== MANIFEST && !path.endsWith(SIDECAR) && (path === name || basename(path) === name),
  );
  const [path, second] = found;
  if (path === undefined) {
    const hint =
      models.size > 0
        ? ' If it is a model, torsh has made tensors of it, and the delta cannot change them.'
        : '';
    throw new TorshError(
      'not-found',
      `The delta changes ${JSON.stringify(name)}, which is not in the package.${hint}`,
    );
  }
  if (second !== undefined)
    throw new TorshError('ambiguous', `The delta changes ${name}, which may be ${path} or ${second}.`);
  return path;
}

/** Fields that the crate does not know go into its notes. */
function redescribed(manifest: CrateManifest, field: string, value: string): CrateManifest {
  if (field === 'version' || field === 'description' || field === 'author')
    return { ...manifest, [field]: value };
  return { ...manifest, metadata: { ...manifest.metadata, [field]: value } };
}

/** The crate's digest is of a manifest whose maps have no order and whose date is often another, so it can only be noted. */
function checkTarget(manifest: CrateManifest, { targetHash }: Delta, context: Context): void {
  try {
    if (manifestDigest(manifest, context) === targetHash) return;
  } catch (error) {
    if (!isTorshError(error)) throw error;
  }
  const message =
    'The manifest does not have the digest that the delta promises; of the crate that is normal where date, licence or dependencies differ.';
  context.report({ severity: 'note', code: 'target-digest', message, subject: MANIFEST });
}
