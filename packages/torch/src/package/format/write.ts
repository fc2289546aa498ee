import type { FileTreeSink } from '@torsh/bytes';
import type { Archive, Context } from '@torsh/core';
import { writeContainer, writingOf } from '../../zip/write-container.ts';
import { packageToWrite } from './to-records.ts';

/** Writes a package, record for record as torch's own exporter does. */
export async function write(
  whole: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
): Promise<void> {
  const { folder, records, id } = await packageToWrite(whole, name, context);
  await writeContainer(records, output, name, context, writingOf(records, context), { folder, id });
}
