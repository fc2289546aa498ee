import { type FileTreeSink, fromBytes, TorshError, transfer } from '@torsh/bytes';
import { type Archive, type Context, fitModels } from '@torsh/core';
import { checkpointRecords } from '../save/records.ts';
import { type RecordFile, writeContainer, writingOf } from '../zip/write-container.ts';
import { STEM, SUFFIX } from './names.ts';
import type { ShardedOptions } from './options.ts';
import { indexOf, planShards } from './plan.ts';

/** Writes the one model of an archive as checkpoints and their index, or as one checkpoint where everything fits. */
export async function write(
  whole: Archive,
  output: FileTreeSink,
  context: Context,
  options: ShardedOptions,
): Promise<void> {
  const [model, second] = fitModels(whole, 'one').models.values();
  if (model === undefined || second !== undefined) {
    const message = `A checkpoint in shards holds one model; there are ${whole.models.size}.`;
    throw new TorshError('unsupported', message, { format: 'torch-sharded' });
  }
  const shards = planShards(model, options);
  const files: { readonly file: string; readonly records: readonly RecordFile[] }[] = [];
  for (const { file, archive } of shards)
    files.push({ file, records: await checkpointRecords(archive, context) });
  // Before the first byte: what cannot be written is not begun.
  const index = indexOf(shards);
  const progress = writingOf(
    files.flatMap(({ records }) => records),
    context,
  );
  for (const { file, records } of files) {
    context.signal.throwIfAborted();
    await writeContainer(records, output, file, context, progress);
  }
  if (index !== undefined) await writeFile(index, output, `${STEM}${SUFFIX}.index.json`, context);
}

async function writeFile(
  bytes: Uint8Array,
  output: FileTreeSink,
  path: string,
  { platform, signal }: Context,
): Promise<void> {
  const sink = await output.create(path);
  try {
    await transfer([fromBytes(bytes)], sink, { platform, signal });
    await sink.close();
  } catch (error) {
    await sink.abort(error);
    throw error;
  }
}
