import { type ByteSource, digest, type FileTreeSink, transfer } from '@torsh/bytes';
import { zipSink } from '@torsh/zip';
import {
  type Archive,
  type Json,
  type JsonObject,
  type Model,
  type Resource,
  tensorsOf,
} from '../archive.ts';
import { isPhysical, storedAs } from '../dtype.ts';
import type { Context } from '../format.ts';
import { counting } from '../progress.ts';
import { PROVENANCE } from '../provenance.ts';
import { formatHeader } from '../safetensors/index.ts';
import { ahead } from './ahead.ts';
import { compressed } from './compress.ts';
import { TORSH } from './container.ts';
import { encodeJson } from './json.ts';
import {
  byCodePoints,
  INFO_PATH,
  INFO_TEXT,
  MANIFEST_PATH,
  modelPath,
  recordPath,
  resourcePath,
} from './layout.ts';
import { type FileRecord, formatManifest, type ModelRecord, type NamespaceRecord } from './manifest.ts';
import { sha256Of } from './read.ts';

interface Inventory {
  readonly models: ModelRecord[];
  readonly code: FileRecord[];
  readonly resources: FileRecord[];
  readonly records: NamespaceRecord[];
}

/** An entry that waits for its turn: entries are written in the order of their paths. */
interface Waiting {
  readonly path: string;
  /** What can be done before its turn, beside others; then it is written. */
  prepare(): Promise<() => Promise<void>>;
}

/** How entries that may be compressed are written. */
export type Compression = 'none' | 'deflate';

/** How many resources are compressed at once: as many as Node has threads for. */
const AT_ONCE = 4;

/** Writes the archive in one pass: info, everything else by path, the manifest last. */
export async function write(
  archive: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
  compression: Compression = 'none',
): Promise<void> {
  const zip = zipSink(await output.create(name), { platform: context.platform });
  const inventory: Inventory = { models: [], code: [], resources: [], records: [] };
  const advance = counting(context, 'writing', dataOf(archive));
  const waiting: Waiting[] = [
    ...Array.from(
      archive.models.values(),
      (model): Waiting => ({
        path: modelPath(model.name),
        prepare: async () => async () =>
          void inventory.models.push(await writeModel(zip, model, context, advance)),
      }),
    ),
    ...Array.from(
      archive.resources.values(),
      (resource): Waiting => ({
        path: resourcePath(resource),
        prepare: async () => {
          const data = compression === 'none' ? resource.data : await compressed(resource.data, context);
          const list = resource.role === 'code' ? inventory.code : inventory.resources;
          return async () =>
            void list.push(await writeResource(zip, { ...resource, data }, context, advance));
        },
      }),
    ),
    ...Object.entries(archive.metadata)
      .filter(([namespace]) => namespace !== TORSH && namespace !== PROVENANCE)
      .map(
        ([namespace, value]): Waiting => ({
          path: recordPath(namespace),
          prepare: async () => async () => {
            const incidental = archive.incidental.has(namespace) ? { incidental: true } : {};
            inventory.records.push({
              namespace,
              ...(await writeRecord(zip, namespace, value, context)),
              ...incidental,
            });
          },
        }),
      ),
  ];
  waiting.sort((a, b) => byCodePoints(a.path, b.path));
  try {
    await writeBytes(zip, INFO_PATH, new TextEncoder().encode(INFO_TEXT));
    const atOnce = compression === 'none' ? 1 : AT_ONCE;
    for await (const write of ahead(waiting, atOnce, (entry) => entry.prepare())) await write();
    await writeBytes(zip, MANIFEST_PATH, manifestOf(archive, inventory, context));
    await zip.close();
  } catch (error) {
    await zip.abort(error).catch(() => undefined);
    throw error;
  }
}

function manifestOf(archive: Archive, inventory: Inventory, context: Context): Uint8Array {
  const described = (archive.metadata[TORSH] ?? {}) as JsonObject;
  const now = described.created_at === undefined ? context.platform.now?.() : undefined;
  const created = now === undefined ? {} : { created_at: now.toISOString() };
  const rest = { ...described, ...created };
  return formatManifest({ ...inventory, rest, provenance: archive.metadata[PROVENANCE] }, context.limits);
}

async function writeModel(
  zip: FileTreeSink,
  model: Model,
  context: Context,
  advance: (bytes: number) => void,
): Promise<ModelRecord> {
  const path = modelPath(model.name);
  const stored = Array.from(model.tensors.values(), ({ name, dtype, shape }) => ({
    name,
    ...storedAs(dtype, shape),
  }));
  const header = formatHeader(stored, model.metadata);
  const tensors = header.tensors.map(({ name }) => model.tensors.get(name)!);
  const size = tensors.reduce((sum, { data }) => sum + data.size, header.bytes.length);
  const sink = await zip.create(path, { size, alignAt: header.bytes.length });
  await sink.write(header.bytes);
  const digests = await transfer(
    tensors.map(({ data }) => data),
    sink,
    {
      platform: context.platform,
      signal: context.signal,
      sha256: true,
      progress: advance,
    },
  );
  await sink.close();
  return {
    name: model.name,
    path,
    size,
    header: { size: header.bytes.length, sha256: sha256Of(header.bytes, context) },
    aliases: Array.from(model.aliases, ([name, of]) => ({ name, of })),
    tensors: tensors.map(({ name, dtype, shape }, index) => ({
      name,
      sha256: digests[index]!.sha256!,
      ...(isPhysical(dtype) ? {} : { dtype, shape }),
    })),
  };
}

async function writeResource(
  zip: FileTreeSink,
  resource: Resource,
  context: Context,
  advance: (bytes: number) => void,
): Promise<FileRecord> {
  const path = resourcePath(resource);
  const { role, mediaType, data } = resource;
  const sink = await zip.create(path, { size: data.size });
  const [digests] = await transfer([data], sink, {
    platform: context.platform,
    signal: context.signal,
    sha256: true,
    progress: advance,
  });
  await sink.close();
  const record = { path, type: role, media_type: mediaType, size: data.size, sha256: digests!.sha256! };
  if (data.deflated === undefined) return { ...record, compression: 'none' };
  // What it was expected to be was compared while it was copied.
  const known = data.deflated.expected?.sha256;
  if (known !== undefined) return { ...record, compression: 'deflate', compressed_sha256: known };
  const { platform, signal } = context;
  const [compressed] = await digest([data.deflated], { platform, signal, sha256: true });
  return { ...record, compression: 'deflate', compressed_sha256: compressed!.sha256! };
}

async function writeRecord(zip: FileTreeSink, namespace: string, value: Json, context: Context) {
  const path = recordPath(namespace);
  const bytes = encodeJson(value, path, context.limits);
  await writeBytes(zip, path, bytes);
  return { path, size: bytes.length, sha256: sha256Of(bytes, context), compression: 'none' } as const;
}

async function writeBytes(zip: FileTreeSink, path: string, bytes: Uint8Array): Promise<void> {
  const sink = await zip.create(path, { size: bytes.length });
  await sink.write(bytes);
  await sink.close();
}

/** Everything of an archive that is copied rather than made. */
function* dataOf(archive: Archive): Generator<ByteSource> {
  for (const [, { data }] of tensorsOf(archive)) yield data;
  for (const { data } of archive.resources.values()) yield data;
}
