import { locateError } from '@torsh/bytes';
import { type Archive, archive, type Context, type Input, type Model, readSafetensors } from '@torsh/core';
import { declaredModel } from './declared.ts';
import { type Located, locateModel } from './locate.ts';
import { INDEX_SUFFIX, shardCount } from './names.ts';
import type { SafetensorsOptions } from './options.ts';
import { readShards } from './read-shards.ts';

/** Opens a file, or an index with its shards, as an archive of one model. */
export async function open(input: Input, context: Context, options: SafetensorsOptions): Promise<Archive> {
  const located = await locateModel(input, context);
  try {
    const sharded = located.path.endsWith(INDEX_SUFFIX);
    const model = await (sharded
      ? readShards(input.files, located, context, options)
      : readFile(located, context, options));
    return archive('safetensors', { models: [model] });
  } catch (error) {
    throw locateError(error, { format: 'safetensors', path: located.path });
  }
}

async function readFile(
  { path, source }: Located,
  context: Context,
  options: SafetensorsOptions,
): Promise<Model> {
  const { limits, signal } = context;
  const { header, tensors } = await readSafetensors(source, {
    limits,
    signal,
    path,
    tolerant: options.tolerant,
  });
  for (const note of header.notes) context.report(note);
  const count = shardCount(path);
  if (count !== undefined) {
    const message = `By its name this is one of ${count} shards; open the index to get the whole model.`;
    context.report({ severity: 'note', code: 'one-shard', message, subject: path });
  }
  return declaredModel(tensors, [header.metadata], context, options);
}
