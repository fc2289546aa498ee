import { type ByteSink, type ByteSource, combineCrc32, type FileTreeSink, fromBytes } from '@torsh/bytes';
import { type Context, counting } from '@torsh/core';
import { pytorchForm, zipSink } from '@torsh/zip';
import { folderFor } from './folder.ts';
import { serializationId } from './serialization-id.ts';

/** A record that is to be written: its name without the folder, and its bytes, one source behind the other. */
export interface RecordFile {
  readonly name: string;
  readonly sources: readonly ByteSource[];
}

/** A record of these bytes. */
export function recordOf(name: string, content: Uint8Array | string): RecordFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name, sources: [fromBytes(bytes)] };
}

/** Tells the caller how far the writing of all these records is, whichever container they go to. */
export function writingOf(
  records: readonly RecordFile[],
  context: Pick<Context, 'progress'>,
): (bytes: number) => void {
  return counting(
    context,
    'writing',
    records.flatMap(({ sources }) => sources),
  );
}

/** What a container is called inside, where it is not to be called after its file, and whether it gets an id. */
export interface ContainerOptions {
  readonly folder?: string | undefined;
  readonly id?: boolean | undefined;
}

/** Writes a container as PyTorch's own writer does: these records in this order, and the id of all of them at the end. */
export async function writeContainer(
  records: readonly RecordFile[],
  output: FileTreeSink,
  name: string,
  context: Context,
  progress: (bytes: number) => void,
  { folder = folderFor(name), id = true }: ContainerOptions = {},
): Promise<void> {
  await writeRecords(records, await output.create(name), folder, context, progress, { id });
}

/** The same to one sink, under a folder that is chosen already; the id may be left out, as torch did before 2.1. */
export async function writeRecords(
  records: readonly RecordFile[],
  sink: ByteSink,
  folder: string,
  { platform, signal }: Pick<Context, 'platform' | 'signal'>,
  progress: (bytes: number) => void,
  { id = true }: { readonly id?: boolean } = {},
): Promise<void> {
  const zip = zipSink(sink, { platform, form: pytorchForm });
  const write = async ({ name: record, sources }: RecordFile, advance = progress) => {
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    const sink = await zip.create(`${folder}/${record}`, { size });
    const digests = await sink.transfer!(sources, { platform, signal, progress: advance, crc32: true });
    await sink.close();
    const crc32 = digests.reduce(
      (sum, { crc32: next }, at) => combineCrc32(sum, next!, sources[at]!.size),
      0,
    );
    return { name: record, size, crc32 };
  };
  try {
    const written: Awaited<ReturnType<typeof write>>[] = [];
    for (const record of records) {
      signal.throwIfAborted();
      written.push(await write(record));
    }
    // Nobody counted it: what it says is known only now.
    if (id) await write(recordOf('.data/serialization_id', serializationId(written)), () => undefined);
    await zip.close();
  } catch (error) {
    await zip.abort(error).catch(() => undefined);
    throw error;
  }
}
