import { digest, expecting, locateError, pathFlaw, TorshError } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Context,
  counting,
  entrySource,
  type Input,
  isFileRole,
  type Json,
  type Model,
  mediaTypeOf,
  type Resource,
} from '@torsh/core';
import { openZip, type ZipEntry, type ZipTree } from '@torsh/zip';
import { describe } from './description.ts';
import { basename, MANIFEST, roleOf, SIDECAR, typeOf } from './layout.ts';
import { LETTER, type Letter, readLetter } from './letter.ts';
import { type CrateManifest, isObject, parseManifest } from './manifest.ts';
import { modelNames } from './model-names.ts';
import { checkedSource, readEntry } from './read-entry.ts';
import { type EntryRecord, NAMESPACE } from './record.ts';
import { readModel } from './safetensors-entry.ts';
import { readSidecars, type Sidecar, statedDigest } from './sidecar.ts';

const OCTETS = 'application/octet-stream';

/** A package whose directory, manifest and sidecars were read. */
interface Opened {
  readonly zip: ZipTree;
  readonly manifest: CrateManifest;
  readonly letter: Letter | undefined;
  readonly sidecars: ReadonlyMap<string, Sidecar>;
}

/** Opens a package: models that are safetensors become tensors, everything else stays a file. */
export async function open(input: Input, context: Context): Promise<Archive> {
  try {
    const opened = await openPackage(input, context);
    return await (opened.letter === undefined
      ? readCrates(opened, context)
      : readOurs(opened, opened.letter, context));
  } catch (error) {
    throw locateError(error, { format: 'torshpkg', path: input.entry });
  }
}

async function openPackage(input: Input, context: Context): Promise<Opened> {
  const source = await entrySource(input, context);
  if (source === undefined) throw new TorshError('unsupported', 'A package is a file, not a folder.');
  const zip = await openZip(source, { ...context, strictness: 'tolerant' });
  for (const { code, message } of zip.directory.notes) context.report({ severity: 'note', code, message });
  const manifest = parseManifest(await readEntry(zip, MANIFEST, context), context.limits);
  const sidecars = await readSidecars(zip, context);
  return { zip, manifest, letter: readLetter(manifest, context), sidecars };
}

/** The bytes of an entry, with all that they must be. */
function sourceOf({ zip, sidecars }: Opened, entry: ZipEntry) {
  const sha256 = statedDigest(sidecars.get(entry.path), entry.path);
  const source = checkedSource(zip, entry);
  return sha256 === undefined ? source : expecting(source, { sha256 });
}

/** A package of the crate: every entry is kept as a file, manifest and sidecars too, so that it can be written again. */
async function readCrates(opened: Opened, context: Context): Promise<Archive> {
  const { zip, manifest, sidecars } = opened;
  const entries: EntryRecord[] = [];
  const models: Model[] = [];
  const resources: Resource[] = [];
  const names = modelNames(zip, sidecars);
  for (const entry of zip.entries.values()) {
    const { path, modified } = entry;
    const data = sourceOf(opened, entry);
    const name = names.get(path);
    const found = name === undefined ? undefined : await readModel(name, data, path, false, context);
    if (found === undefined) {
      entries.push({ path, modified });
      resources.push({ path, role: roleFor(path), mediaType: mediaTypeOf(path) ?? OCTETS, data });
    } else {
      const { model, header } = found;
      entries.push({ path, modified, model: model.name, ...(header === undefined ? {} : { header }) });
      models.push(model);
    }
  }
  noteBasenames(zip, context);
  return archive(NAMESPACE, {
    models,
    resources,
    metadata: { torsh: describe(manifest), [NAMESPACE]: { entries: entries as unknown as Json } },
    incidental: [NAMESPACE],
  });
}

function roleFor(path: string): Resource['role'] {
  return path === MANIFEST || path.endsWith(SIDECAR) ? 'other' : roleOf(typeOf(path));
}

/** The crate keeps the last segment of a path only, so two entries may be one to it. */
function noteBasenames(zip: ZipTree, context: Context): void {
  const seen = new Map<string, string>();
  for (const path of zip.entries.keys()) {
    const other = seen.get(basename(path));
    if (other !== undefined) {
      const message = `${other} and ${path} are one resource to the Rust crate, which keeps the last of them. Here both are kept.`;
      context.report({ severity: 'note', code: 'basename', message, subject: path });
    }
    seen.set(basename(path), path);
  }
}

/** A package that torsh wrote: the archive that it was. */
async function readOurs(opened: Opened, letter: Letter, context: Context): Promise<Archive> {
  const { zip, manifest, sidecars } = opened;
  const models: Model[] = [];
  const resources: Resource[] = [];
  for (const entry of zip.entries.values()) {
    const { path } = entry;
    if (path === MANIFEST || (path.endsWith(SIDECAR) && sidecars.has(path.slice(0, -SIDECAR.length))))
      continue;
    const sidecar = sidecars.get(path) ?? {};
    const data = sourceOf(opened, entry);
    const found =
      sidecar.model === undefined ? undefined : await readModel(sidecar.model, data, path, true, context);
    if (found !== undefined) models.push(found.model);
    else resources.push(resourceOf(path, sidecar, data));
  }
  checkOnce(models.map(({ name }) => name));
  checkOnce(resources.map(({ path }) => path));
  const { records, incidental } = letter;
  const torsh = descriptionOf(manifest, letter);
  return archive(NAMESPACE, {
    models,
    resources,
    metadata: torsh === undefined ? records : { ...records, torsh },
    incidental,
  });
}

/** Two entries may not claim to be one thing: different tools would take different ones. */
function checkOnce(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw new TorshError('unsafe', `Two entries say that they are ${JSON.stringify(name)}.`);
    seen.add(name);
  }
}

function resourceOf(entry: string, sidecar: Sidecar, data: Resource['data']): Resource {
  const path = sidecar.path ?? entry;
  const flaw = pathFlaw(path);
  if (flaw !== undefined) {
    throw new TorshError('unsafe', `The sidecar of ${entry} calls it ${JSON.stringify(path)}: ${flaw}.`, {
      path: entry,
    });
  }
  const role = isFileRole(sidecar.role) ? sidecar.role : roleOf(typeOf(entry));
  return { path, role, mediaType: sidecar.media_type ?? mediaTypeOf(path) ?? OCTETS, data };
}

/** What the letter says, with whatever was changed in the manifest since. */
function descriptionOf(manifest: CrateManifest, { torsh, invented }: Letter): Json | undefined {
  const { metadata: notes, ...said } = describe(manifest);
  const stated = Object.entries(said).filter(
    ([key, value]) => key !== 'dependencies' && invented[key] !== value,
  );
  const added = Object.entries(manifest.metadata).filter(([key]) => key !== LETTER);
  const merged = { ...torsh, ...Object.fromEntries(stated) };
  // What the crate added to its notes while the package was with it.
  const known = torsh?.metadata;
  const extra = added.filter(([key, value]) => !isObject(known) || known[key] !== value);
  if (extra.length > 0)
    return { ...merged, metadata: { ...(isObject(known) ? known : {}), ...Object.fromEntries(extra) } };
  return torsh === undefined && stated.length === 0 ? undefined : merged;
}

/** Reads every byte and compares it with its check sum and with the digest that its sidecar states. */
export async function check(
  input: Input,
  context: Context,
  damaged: (error: TorshError) => void,
): Promise<void> {
  const opened = await openPackage(input, context);
  const sources = Array.from(opened.zip.entries.values(), (entry) => sourceOf(opened, entry));
  await digest(sources, {
    platform: context.platform,
    signal: context.signal,
    progress: counting(context, 'verifying', sources),
    damaged: (_, error) => damaged(error),
  });
}
