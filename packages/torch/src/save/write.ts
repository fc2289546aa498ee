import type { FileTreeSink } from '@torsh/bytes';
import type { Archive, Context } from '@torsh/core';
import { writeContainer, writingOf } from '../zip/write-container.ts';
import { checkpointRecords } from './records.ts';

/** Writes a checkpoint, record for record as torch 2.13 does. */
export async function write(
  archive: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
): Promise<void> {
  const records = await checkpointRecords(archive, context);
  await writeContainer(records, output, name, context, writingOf(records, context));
}
