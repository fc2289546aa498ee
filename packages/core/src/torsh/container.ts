import { type ByteSource, decodeUtf8, readAll, TorshError } from '@torsh/bytes';
import { openZip, type ZipEntry, type ZipTree } from '@torsh/zip';
import type { Context, Input } from '../format.ts';
import { entrySource } from '../input.ts';
import { PROVENANCE } from '../provenance.ts';
import {
  CODE,
  INFO_PATH,
  INFO_TEXT,
  isName,
  MANIFEST_PATH,
  modelPath,
  RESOURCES,
  recordPath,
} from './layout.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** The namespace that keeps what a manifest says besides its inventory: name, version, author, keys of later versions. */
export const TORSH = 'torsh';

/** A .torsh file whose directory and manifest agree. */
export interface TorshFile {
  readonly source: ByteSource;
  readonly zip: ZipTree;
  readonly manifest: Manifest;
}

/** Opens the container: directory and manifest, and that each knows exactly the entries that the other knows. */
export async function openTorsh(input: Input, context: Context): Promise<TorshFile> {
  const source = await entrySource(input, context);
  if (source === undefined) throw new TorshError('unsupported', 'A .torsh archive is a file, not a folder.');
  const { limits, platform, signal } = context;
  const zip = await openZip(source, { limits, platform, signal, strictness: 'strict' });
  const info = await readEntry(zip, INFO_PATH, context);
  if (decodeUtf8(info) !== INFO_TEXT) {
    throw new TorshError(
      'unsupported',
      `${INFO_PATH} does not say "${INFO_TEXT.trim()}": this is another version of the format. Update torsh.`,
      {
        path: INFO_PATH,
      },
    );
  }
  const [first] = zip.entries.keys();
  if (first !== INFO_PATH) throw wrong(INFO_PATH, 'is not the first entry');
  for (const path of [INFO_PATH, MANIFEST_PATH]) {
    if (entryOf(zip, path).method !== 'stored') throw wrong(path, 'is compressed; it must be stored');
  }
  const manifest = parseManifest(await readEntry(zip, MANIFEST_PATH, context), context.limits);
  checkInventory(zip, manifest);
  return { source, zip, manifest };
}

/** All bytes of a short entry. */
export async function readEntry(zip: ZipTree, path: string, context: Context): Promise<Uint8Array> {
  const entry = entryOf(zip, path);
  return readAll(zip.source(entry), context.limits.headerBytes, context);
}

/** An entry that must be there. */
export function entryOf(zip: ZipTree, path: string): ZipEntry {
  const entry = zip.entries.get(path);
  if (entry === undefined) throw wrong(path, 'is missing');
  return entry;
}

/** Every entry is in the manifest once, at its place and with its size, and the manifest names nothing else. */
function checkInventory(zip: ZipTree, { models, code, resources, records }: Manifest): void {
  const known = new Set([INFO_PATH, MANIFEST_PATH]);
  const expect = (path: string, wanted: string, size: number, compression: 'none' | 'deflate'): void => {
    const entry = entryOf(zip, path);
    if (path !== wanted) throw wrong(path, `should be ${wanted}`);
    if (known.has(path)) throw wrong(path, 'is listed twice in the manifest');
    if (entry.size !== size) throw wrong(path, `has ${entry.size} bytes and the manifest says ${size}`);
    const method = entry.method === 'stored' ? 'none' : 'deflate';
    if (method !== compression)
      throw wrong(path, `is compressed by "${method}" and the manifest says "${compression}"`);
    known.add(path);
  };
  for (const { name, path, size } of models) {
    if (!isName(name))
      throw wrong(path, `belongs to a model whose name ${JSON.stringify(name)} is not allowed`);
    expect(path, modelPath(name), size, 'none');
  }
  for (const { namespace, path, size, compression } of records) {
    if (!isName(namespace) || namespace === TORSH || namespace === PROVENANCE)
      throw wrong(path, 'has a reserved or bad name');
    expect(path, recordPath(namespace), size, compression);
  }
  const paths = new Set<string>();
  for (const [prefix, files] of [
    [CODE, code],
    [RESOURCES, resources],
  ] as const) {
    for (const { path, size, compression, type } of files) {
      if (!path.startsWith(prefix)) throw wrong(path, `should be below ${prefix}`);
      if ((type === 'code') !== (prefix === CODE))
        throw wrong(path, `is of type "${type}", which does not belong below ${prefix}`);
      const bare = path.slice(prefix.length);
      if (paths.has(bare))
        throw wrong(path, `has the same name as another file below ${CODE} or ${RESOURCES}`);
      paths.add(bare);
      expect(path, path, size, compression);
    }
  }
  for (const path of zip.entries.keys()) if (!known.has(path)) throw wrong(path, 'is not in the manifest');
}

/** Something about an entry that contradicts the format. */
export function wrong(path: string, what: string): TorshError {
  return new TorshError('malformed', `${path} ${what}.`, { path });
}
