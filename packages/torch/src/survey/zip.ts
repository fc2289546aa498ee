import { type ByteSource, isTorshError, slice } from '@torsh/bytes';
import { entrySource, readFront, type ZipEntry, type ZipTree } from '@torsh/zip';
import { openOnce } from '../zip/container.ts';
import type { Look } from './look.ts';
import { storageIds } from './storage-ids.ts';

const PROGRAM = /\.py$/i;

/** Looks into every member of a ZIP; one that is refused is looked into from its front, as far as that goes. */
export async function lookIntoZip(
  source: ByteSource,
  path: string,
  depth: number,
  look: Look,
): Promise<void> {
  let zip: ZipTree;
  try {
    zip = await openOnce(source, look.context);
  } catch (error) {
    if (!isTorshError(error) || error.code === 'io') throw error;
    look.refuse(path, error);
    await lookFromFront(source, path, depth, look);
    return;
  }
  for (const { code, message } of zip.directory.notes) look.note(path, code, message);
  await lookIntoMembers([...zip.entries.values()], (entry) => zip.source(entry), path, depth, look);
}

async function lookFromFront(source: ByteSource, path: string, depth: number, look: Look): Promise<void> {
  const { limits, platform, signal } = look.context;
  const entries: ZipEntry[] = [];
  /** What is there of an entry in which the file ends. */
  const cut = new Map<ZipEntry, ByteSource>();
  try {
    for await (const { entry, state, present } of readFront(source, { limits, signal })) {
      if (state === 'cut' && entry.method === 'deflate') continue;
      entries.push(entry);
      if (state === 'cut') cut.set(entry, slice(source, source.size - present, present));
    }
  } catch (error) {
    // The file has been refused already, and for a better reason.
    if (!isTorshError(error) || error.code === 'io') throw error;
  }
  const options = { limits, platform, strictness: 'tolerant' as const };
  const sourceOf = (entry: ZipEntry) => cut.get(entry) ?? entrySource(source, entry, options);
  await lookIntoMembers(entries, sourceOf, path, depth, look);
}

/** Pickles first: they say which of the other members are storages, which no reader unpickles. */
async function lookIntoMembers(
  entries: readonly ZipEntry[],
  sourceOf: (entry: ZipEntry) => ByteSource,
  path: string,
  depth: number,
  look: Look,
): Promise<void> {
  const ids = storageIds();
  const named = ({ path: name }: ZipEntry) => (path === '' ? name : `${path}!/${name}`);
  const isPickle = ({ path: name }: ZipEntry) => /\.pkl$/i.test(name);
  for (const entry of entries.filter(isPickle))
    await look.into(sourceOf(entry), named(entry), depth + 1, { resolve: ids.resolve });
  for (const entry of entries) {
    if (isPickle(entry) || isStorage(entry.path, ids.itemBytes)) continue;
    if (PROGRAM.test(entry.path)) look.program(named(entry));
    await look.into(sourceOf(entry), named(entry), depth + 1);
  }
}

/** `data/0`, and `0.storage` of a torch.package, where a pickle names the storage 0. */
function isStorage(path: string, keys: ReadonlyMap<string, unknown>): boolean {
  const [, name] = /\/(?:\.?data|constants|weights)\/([^/]+?)$/.exec(path) ?? [];
  return name !== undefined && (keys.has(name) || keys.has(name.replace(/\.storage$/, '')));
}
