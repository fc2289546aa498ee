import type { Archive, Context } from '@torsh/core';
import { fillArrays } from '../data/array-bytes.ts';
import { prepare } from '../prepare-object.ts';
import { pickleObject } from '../write-object.ts';
import { type RecordFile, recordOf } from '../zip/write-container.ts';

/** The layout of torch 2.13: storages in the order of their keys, each on a 64-byte boundary. */
const LAYOUT = [
  recordOf('.format_version', '1'),
  recordOf('.storage_alignment', '64'),
  recordOf('byteorder', 'little'),
];

/** An archive as the records of a checkpoint, in the order of torch 2.13. */
export async function checkpointRecords(
  archive: Archive,
  { limits, signal }: Pick<Context, 'limits' | 'signal'>,
): Promise<readonly RecordFile[]> {
  const prepared = prepare(archive, limits);
  await fillArrays(prepared.arrays, signal);
  const { bytes, storages } = pickleObject(prepared, limits);
  const data = storages.map(({ sources }, key) => ({ name: `data/${key}`, sources }));
  return [recordOf('data.pkl', bytes), ...LAYOUT, ...data, recordOf('version', '3\n')];
}
