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
  type ModelShard,
  shardsOf,
  storedAs,
} from '@torsh/core';
import { folderOf, SUFFIX, stemOf } from './names.ts';
import type { SafetensorsOptions } from './options.ts';

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
  const files =
    maxShardBytes === undefined
      ? [planFile({ path: name, tensors: [...model.tensors.values()], aliases: model.aliases }, metadata)]
      : planShards(name, model, maxShardBytes, metadata);
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
  model: Model,
  maxBytes: number,
  metadata: { readonly [key: string]: string },
): PlannedFile[] {
  // A folder that is written needs a name inside it: the one that loaders look for.
  const stem = name.endsWith(SUFFIX) ? stemOf(name) : 'model';
  const shards = shardsOf(model, { stem, suffix: SUFFIX, maxBytes });
  const files = shards.map((shard) => planFile(shard, metadata));
  if (shards.length === 1) return files;
  const weightMap = new Map<string, string>();
  let total = 0;
  for (const { path, tensors } of shards) {
    for (const tensor of tensors) {
      weightMap.set(tensor.name, path.slice(folderOf(path).length));
      total += tensor.data.size;
    }
  }
  const index = new TextEncoder().encode(formatShardIndex(weightMap, total));
  return [...files, { path: `${stem}${SUFFIX}.index.json`, sources: [fromBytes(index)] }];
}

function planFile(
  { path, tensors, aliases }: ModelShard,
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
