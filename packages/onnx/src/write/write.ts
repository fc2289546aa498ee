import { type FileTreeSink, transfer } from '@torsh/bytes';
import { type Archive, type Context, counting } from '@torsh/core';
import type { OnnxOptions } from '../options.ts';
import { planFiles } from './plan-files.ts';

/** Writes a model, and the files that it names. */
export async function write(
  archive: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
  options: OnnxOptions,
): Promise<void> {
  const { platform, signal } = context;
  const files = await planFiles(archive, name, options, context);
  const all = files.flatMap(({ pieces }) => pieces);
  const progress = counting(context, 'writing', all);
  for (const { path, pieces } of files) {
    signal.throwIfAborted();
    const sink = await output.create(path, { size: pieces.reduce((sum, { size }) => sum + size, 0) });
    try {
      await transfer(pieces, sink, { platform, signal, progress });
      await sink.close();
    } catch (error) {
      await sink.abort(error);
      throw error;
    }
  }
}
