import type { Limits } from '@torsh/bytes';
import type { Archive } from '@torsh/core';
import { fillArrays } from '../../data/array-bytes.ts';
import { pickleObject } from '../../write-object.ts';
import { folderFor } from '../../zip/folder.ts';
import { type RecordFile, recordOf } from '../../zip/write-container.ts';
import { EXTERN_MODULES } from '../read/records.ts';
import { externsOf } from './externs.ts';
import type { FreshPackage } from './fresh.ts';
import { planPackage } from './plan.ts';
import type { PackageToWrite } from './restore.ts';

/** torch.package's own: names are those of Python 3. */
const PROTOCOL = 3;

interface Lent {
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/** An archive as the records of a package that goes into a file of this name. */
export async function packageToWrite(whole: Archive, name: string, lent: Lent): Promise<PackageToWrite> {
  const { way, made } = planPackage(whole, lent.limits);
  return way === 'restored' ? made : fresh(made, folderFor(name), lent);
}

/** A new package, in the order of torch's exporter: storages before their pickle, sources behind all pickles. */
async function fresh(
  { pickles, files, externs: stated, arrays }: FreshPackage,
  folder: string,
  lent: Lent,
): Promise<PackageToWrite> {
  await fillArrays(arrays, lent.signal);
  const records: RecordFile[] = [];
  const pickled: Uint8Array[] = [];
  let storages = 0;
  for (const { record, object } of pickles) {
    const first = storages;
    const made = pickleObject({ ...object, protocol: PROTOCOL }, lent.limits, (number) => first + number);
    for (const { sources } of made.storages) records.push({ name: `.data/${storages++}.storage`, sources });
    records.push(recordOf(record, made.bytes));
    pickled.push(made.bytes);
  }
  for (const { record, resource } of files) records.push({ name: record, sources: [resource.data] });
  const modules = files
    .filter(({ record }) => record.endsWith('.py'))
    .map(({ record, resource }) => ({ path: record, data: resource.data }));
  const names = records.map(({ name }) => name);
  const externs = await externsOf(stated, pickled, modules, names, lent);
  records.push(
    recordOf(EXTERN_MODULES, `${externs.join('\n')}\n`),
    recordOf('.data/version', '6\n'),
    recordOf('byteorder', 'little'),
  );
  return { folder, records, id: true };
}
