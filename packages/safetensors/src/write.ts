import { type ByteSource, type FileTreeSink, fromBytes, TorshError, transfer } from '@torsh/bytes';
import {
  type Archive,
  bytesOf,
  type Context,
  counting,
  fitModels,
  formatDeclarations,
  formatHeader,
  formatShardIndex,
  type Model,
  storedAs,
  type Tensor,
} from '@torsh/core';
import { folderOf, SUFFIX, shardName, stemOf } from './names.ts';
import type { SafetensorsOptions } from './options.ts';
import { splitTensors } from './split.ts';

/** A file that is known to its last byte before any is written. */
interface PlannedFile {
  readonly path: string;
  readonly sources: readonly ByteSource[];
}

/** Writes the one model of an archive as a file, or as shards and their index. */
export async function write(
  whole: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
  { maxShardBytes }: SafetensorsOptions,
): Promise<void> {
  const archive = fitModels(whole, 'one');
  const [model, second] = archive.models.values();
  if (model === undefined || second !== undefined) {
    throw new TorshError(
      'unsupported',
      `A safetensors file holds one model; there are ${archive.models.size}.`,
      { format: 'safetensors' },
    );
  }
  const metadata = fileMetadata(archive, model);
  const tensors = [...model.tensors.values()];
  const files =
    maxShardBytes === undefined
      ? [planFile(name, tensors, model.aliases, metadata)]
      : planShards(name, splitTensors(tensors, maxShardBytes), model.aliases, metadata);
  await writeFiles(files, output, context);
}

/** Consumers of torch models look for `format`; what came from torch says so. */
function fileMetadata({ origin }: Archive, { metadata }: Model): { readonly [key: string]: string } {
  return origin.startsWith('torch') && !Object.hasOwn(metadata, 'format')
    ? { ...metadata, format: 'pt' }
    : metadata;
}

function planShards(
  name: string,
  shards: readonly (readonly Tensor[])[],
  aliases: ReadonlyMap<string, string>,
  metadata: { readonly [key: string]: string },
): PlannedFile[] {
  // A folder that is written needs a name inside it: the one that loaders look for.
  const stem = name.endsWith(SUFFIX) ? stemOf(name) : 'model';
  if (shards.length === 1) return [planFile(stem + SUFFIX, shards[0]!, aliases, metadata)];
  const weightMap = new Map<string, string>();
  const files = shards.map((tensors, index) => {
    const path = shardName(stem, index, shards.length);
    for (const tensor of tensors) weightMap.set(tensor.name, path.slice(folderOf(path).length));
    const held = new Set(tensors.map((tensor) => tensor.name));
    return planFile(path, tensors, new Map([...aliases].filter(([, target]) => held.has(target))), metadata);
  });
  const total = shards.flat().reduce((sum, { data }) => sum + data.size, 0);
  const index = new TextEncoder().encode(formatShardIndex(weightMap, total));
  return [...files, { path: `${stem}${SUFFIX}.index.json`, sources: [fromBytes(index)] }];
}

function planFile(
  path: string,
  tensors: readonly Tensor[],
  aliases: ReadonlyMap<string, string>,
  metadata: { readonly [key: string]: string },
): PlannedFile {
  const stored = tensors.map((tensor) => {
    const { name, dtype, shape, data } = tensor;
    const wanted = bytesOf(dtype, shape);
    if (data.size !== wanted)
      throw new TypeError(
        `the tensor ${name} has ${data.size} bytes, but ${dtype} [${shape}] needs ${wanted}`,
      );
    return { name, ...storedAs(dtype, shape), data };
  });
  const header = formatHeader(stored, { ...metadata, ...formatDeclarations(tensors, aliases) });
  return { path, sources: [fromBytes(header.bytes), ...header.tensors.map(({ source }) => source.data)] };
}

async function writeFiles(
  files: readonly PlannedFile[],
  output: FileTreeSink,
  context: Context,
): Promise<void> {
  const { platform, signal } = context;
  const progress = counting(
    context,
    'writing',
    files.flatMap(({ sources }) => sources),
  );
  for (const { path, sources } of files) {
    signal.throwIfAborted();
    const sink = await output.create(path);
    try {
      await transfer(sources, sink, { platform, signal, progress });
      await sink.close();
    } catch (error) {
      await sink.abort(error);
      throw error;
    }
  }
}
