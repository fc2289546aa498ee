import {
  type ByteSource,
  compareDigests,
  decodeUtf8,
  fromFiles,
  isTorshError,
  readAll,
  TorshError,
} from '@torsh/bytes';
import type { Archive, Json, JsonObject, Model, Resource } from '../archive.ts';
import type { Context } from '../format.ts';
import { openTorsh, type TorshFile } from '../torsh/container.ts';
import { detect } from '../torsh/detect.ts';
import { parseJson } from '../torsh/json.ts';
import { CODE, RESOURCES } from '../torsh/layout.ts';
import type { FileRecord, Manifest } from '../torsh/manifest.ts';
import { fileIn, modelIn, readArchive, sha256Of } from '../torsh/read.ts';
import { objectOf } from './description.ts';
import { contextOf, type PackageOptions } from './options.ts';

/** A file of a package. Nothing of it is read until asked for; what is read whole is compared with its digest. */
export interface PackageResource extends Resource {
  readonly sha256: string;
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
  json(): Promise<Json>;
}

/** The manifest of a package, as it is written in it. */
export type PackageManifest = Omit<Manifest, 'rest'> & JsonObject;

/** A package that is open: directory and manifest were read, and nothing else. */
export interface Package {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly createdAt: Date | undefined;
  readonly author: string | undefined;
  readonly description: string | undefined;
  readonly licence: string | undefined;
  readonly dependencies: JsonObject;
  readonly metadata: JsonObject;
  /** The names of the models. */
  readonly models: readonly string[];
  /** The paths of all other files. */
  readonly resources: readonly string[];
  readonly manifest: PackageManifest;
  /** Bytes of the file. */
  readonly size: number;
  /** Opens a model: its header is read, its tensors are when asked for. */
  getModel(name: string): Promise<Model>;
  getResource(path: string): PackageResource;
  /** All of it, as every format sees it. */
  archive(): Promise<Archive>;
}

/** Opens a package. */
export async function loadPackage(source: ByteSource, options: PackageOptions): Promise<Package> {
  const context = contextOf(options);
  return packageIn(await openFile(source, context), context);
}

/** What a package says of itself; reads directory and manifest, over a network too. */
export async function inspectPackage(
  source: ByteSource,
  options: PackageOptions,
): Promise<Pick<Package, 'manifest' | 'size'>> {
  const { manifest, size } = await loadPackage(source, options);
  return { manifest, size };
}

/** Opens the file of a package, or says that it is none. */
export async function openFile(source: ByteSource, context: Context): Promise<TorshFile> {
  const input = { files: fromFiles(new Map([['package', source]])), entry: 'package' };
  try {
    return await openTorsh(input, context);
  } catch (error) {
    if (
      isTorshError(error, 'malformed', 'truncated', 'unsafe') &&
      (await detect(input, context)) === undefined
    ) {
      const message =
        'This is no .torsh package. What it is, `torsh inspect` says; `torsh convert` makes one of it.';
      throw new TorshError('unsupported', message, { cause: error });
    }
    throw error;
  }
}

function packageIn(file: TorshFile, context: Context): Package {
  const { rest, ...inventory } = file.manifest;
  const files = new Map<string, readonly [FileRecord, prefix: string]>();
  for (const record of inventory.code) files.set(record.path.slice(CODE.length), [record, CODE]);
  for (const record of inventory.resources)
    files.set(record.path.slice(RESOURCES.length), [record, RESOURCES]);
  const text = (key: string): string | undefined => (typeof rest[key] === 'string' ? rest[key] : undefined);
  const created = new Date(text('created_at') ?? Number.NaN);
  return {
    name: text('name'),
    version: text('version'),
    createdAt: Number.isNaN(created.getTime()) ? undefined : created,
    author: text('author'),
    description: text('description'),
    licence: text('licence'),
    dependencies: objectOf(rest.dependencies),
    metadata: objectOf(rest.metadata),
    models: inventory.models.map(({ name }) => name),
    resources: [...files.keys()],
    manifest: { ...rest, ...inventory } as unknown as PackageManifest,
    size: file.source.size,
    async getModel(name) {
      const record = inventory.models.find((each) => each.name === name);
      if (record === undefined)
        throw absent(
          'model',
          name,
          inventory.models.map((each) => each.name),
        );
      return modelIn(file.zip, record, context);
    },
    getResource(path) {
      const found = files.get(path);
      if (found === undefined) throw absent('file', path, [...files.keys()]);
      const [record, prefix] = found;
      return readable(fileIn(file.zip, record, prefix), record.sha256, context);
    },
    archive: () => readArchive(file, context),
  };
}

function readable(resource: Resource, sha256: string, context: Context): PackageResource {
  const { data, path } = resource;
  const bytes = async (): Promise<Uint8Array> => {
    const all = await readAll(data, context.limits.inflatedBytes, context);
    compareDigests(data, { crc32: context.platform.crc32(all), sha256: sha256Of(all, context) }, {});
    return all;
  };
  return {
    ...resource,
    sha256,
    bytes,
    async text() {
      const decoded = decodeUtf8(await bytes());
      if (decoded !== undefined) return decoded;
      throw new TorshError('malformed', `${path} is not text: it is not UTF-8.`, { path });
    },
    json: async () => parseJson(await bytes(), path, context.limits),
  };
}

function absent(what: string, name: string, names: readonly string[]): TorshError {
  const there =
    names.length === 0
      ? 'There is none at all.'
      : `There is ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`;
  return new TorshError('not-found', `There is no ${what} ${name} in this package. ${there}`, { path: name });
}
