import type { FileTreeSink } from '@torsh/bytes';
import type { Archive, Context } from '@torsh/core';
import { prepare } from '../prepare-object.ts';
import { pickleObject } from '../write-object.ts';
import { recordOf, writeContainer } from '../zip/write-container.ts';

/** The layout of torch 2.13: storages in the order of their keys, each on a 64-byte boundary. */
const LAYOUT = [
  recordOf('.format_version', '1'),
  recordOf('.storage_alignment', '64'),
  recordOf('byteorder', 'little'),
];

/** Writes a checkpoint, record for record as torch 2.13 does. */
export async function write(
  archive: Archive,
  output: FileTreeSink,
  name: string,
  context: Context,
): Promise<void> {
  const { bytes, storages } = pickleObject(prepare(archive, context.limits), context.limits);
  const data = storages.map(({ sources }, key) => ({ name: `data/${key}`, sources }));
  const records = [recordOf('data.pkl', bytes), ...LAYOUT, ...data, recordOf('version', '3\n')];
  await writeContainer(records, output, name, context);
}
