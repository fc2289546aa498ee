import { type FileTreeSink, transfer } from '@torsh/bytes';
import { type Archive, type Context, counting, tensorsOf } from '@torsh/core';
import { plainForm, zipSink } from '@torsh/zip';
import { keptRecord, prepareKept } from './kept.ts';
import { writeOurs } from './ours.ts';

/** Writes a package: the one from which the archive comes, or one of ours. */
export async function write(
  archive: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
): Promise<void> {
  const { platform, signal } = context;
  const record = keptRecord(archive);
  const entries = record === undefined ? undefined : await prepareKept(archive, record, context);
  const sources = entries?.map(({ source }) => source) ?? dataOf(archive);
  const progress = counting(context, 'writing', sources);
  const known = new Map(entries?.map((entry) => [entry.path, entry]));
  const zip = zipSink(await output.create(name), { platform, form: plainForm(known) });
  try {
    if (entries === undefined) await writeOurs(archive, zip, name, context, progress);
    for (const { path, source } of entries ?? []) {
      signal.throwIfAborted();
      const sink = await zip.create(path, { size: source.size });
      await transfer([source], sink, { platform, signal, progress });
      await sink.close();
    }
    await zip.close();
  } catch (error) {
    await zip.abort(error).catch(() => undefined);
    throw error;
  }
}

function dataOf(archive: Archive) {
  return [
    ...Array.from(tensorsOf(archive), ([, { data }]) => data),
    ...Array.from(archive.resources.values(), ({ data }) => data),
  ];
}
