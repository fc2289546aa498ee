import { expecting } from '@torsh/bytes';
import type { ZipTree } from '@torsh/zip';
import {
  type Archive,
  archive,
  type Json,
  type JsonObject,
  type Model,
  model,
  type Resource,
  type Tensor,
} from '../archive.ts';
import { storedAs } from '../dtype.ts';
import type { Context, Input } from '../format.ts';
import { PROVENANCE } from '../provenance.ts';
import { readSafetensors } from '../safetensors/index.ts';
import { entryOf, openTorsh, readEntry, TORSH, type TorshFile, wrong } from './container.ts';
import { parseJson } from './json.ts';
import { CODE, RESOURCES } from './layout.ts';
import type { FileRecord, ModelRecord, NamespaceRecord, TensorRecord } from './manifest.ts';

/** Opens the archive: tensors are windows on the file. */
export async function read(input: Input, context: Context): Promise<Archive> {
  return readArchive(await openTorsh(input, context), context);
}

/** The archive in a container that is open. */
export async function readArchive({ zip, manifest }: TorshFile, context: Context): Promise<Archive> {
  const models: Model[] = [];
  for (const record of manifest.models) models.push(await modelIn(zip, record, context));
  const metadata: [namespace: string, value: Json][] = [];
  for (const record of manifest.records)
    metadata.push([record.namespace, await readRecord(zip, record, context)]);
  if (Object.keys(manifest.rest).length > 0) metadata.push([TORSH, manifest.rest]);
  if (manifest.provenance !== undefined) metadata.push([PROVENANCE, manifest.provenance]);
  return archive('torsh', {
    models,
    resources: [
      ...manifest.code.map((each) => fileIn(zip, each, CODE)),
      ...manifest.resources.map((each) => fileIn(zip, each, RESOURCES)),
    ],
    // Not by assignment: a namespace may be called `__proto__`.
    metadata: Object.fromEntries(metadata),
    incidental: [
      PROVENANCE,
      ...(saysOnlyWhen(manifest.rest) ? [TORSH] : []),
      ...manifest.records.filter(({ incidental }) => incidental).map(({ namespace }) => namespace),
    ],
  });
}

/** When an archive was made says nothing of the model. */
function saysOnlyWhen(rest: JsonObject): boolean {
  const keys = Object.keys(rest);
  return keys.length === 1 && keys[0] === 'created_at';
}

/** The model of an entry. */
export async function modelIn(zip: ZipTree, record: ModelRecord, context: Context): Promise<Model> {
  const { name, path } = record;
  const source = zip.source(entryOf(zip, path));
  const { header, headerBytes, tensors } = await readSafetensors(source, {
    limits: context.limits,
    signal: context.signal,
    path,
  });
  if (headerBytes !== record.header.size)
    throw wrong(path, `has a header of ${headerBytes} bytes and the manifest says ${record.header.size}`);
  if (sha256Of(await source.read(0, headerBytes, context), context) !== record.header.sha256)
    throw wrong(path, 'has a header whose SHA-256 is not the recorded one');
  const inFile = [...tensors.values()];
  if (inFile.length !== record.tensors.length)
    throw wrong(path, `has ${inFile.length} tensors and the manifest says ${record.tensors.length}`);
  const windows = inFile.map((tensor, index) => describedTensor(tensor, record.tensors[index]!, path));
  const aliases = new Map<string, string>();
  for (const alias of record.aliases) {
    if (!tensors.has(alias.of))
      throw wrong(path, `has the tied name ${alias.name} of ${alias.of}, which is not there`);
    if (tensors.has(alias.name) || aliases.has(alias.name))
      throw wrong(path, `has the name ${alias.name} twice`);
    aliases.set(alias.name, alias.of);
  }
  return model(windows, { name, aliases, metadata: header.metadata });
}

/** The window with its digest, and with its logical type where one is declared. */
function describedTensor(tensor: Tensor, record: TensorRecord, path: string): Tensor {
  if (tensor.name !== record.name)
    throw wrong(path, `has the tensor ${tensor.name} where the manifest says ${record.name}`);
  const data = expecting(tensor.data, { sha256: record.sha256, path: `${path}: ${tensor.name}` });
  if (record.dtype === undefined || record.shape === undefined) return { ...tensor, data };
  const stored = storedAs(record.dtype, record.shape);
  if (stored.dtype !== tensor.dtype || stored.shape.join() !== tensor.shape.join()) {
    throw wrong(
      path,
      `has the tensor ${tensor.name} of ${tensor.dtype} [${tensor.shape}], which cannot be ${record.dtype} [${record.shape}]`,
    );
  }
  return { name: tensor.name, dtype: record.dtype, shape: record.shape, data };
}

/** The resource of an entry. */
export function fileIn(zip: ZipTree, record: FileRecord, prefix: string): Resource {
  const { path, type, media_type, sha256, compressed_sha256 } = record;
  const source = expecting(zip.source(entryOf(zip, path)), { sha256, path });
  const expected = { sha256: compressed_sha256, path: `${path}: compressed` };
  const deflated = source.deflated === undefined ? undefined : expecting(source.deflated, expected);
  const data = { ...source, deflated };
  return { path: path.slice(prefix.length), role: type, mediaType: media_type, data };
}

async function readRecord(zip: ZipTree, { path, sha256 }: NamespaceRecord, context: Context): Promise<Json> {
  const bytes = await readEntry(zip, path, context);
  if (sha256Of(bytes, context) !== sha256) throw wrong(path, 'has a SHA-256 that is not the recorded one');
  return parseJson(bytes, path, context.limits);
}

/** The digest of bytes at hand. */
export function sha256Of(bytes: Uint8Array, { platform }: Context): string {
  const hasher = platform.sha256();
  hasher.update(bytes);
  return hasher.digest();
}
