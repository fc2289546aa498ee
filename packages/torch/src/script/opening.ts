import { readAll, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { Pickle, PickleValue } from '@torsh/pickle';
import { storages } from '../data/storages.ts';
import { type Known, type Report, reportBehind } from '../object/report.ts';
import { type OpenedObject, openObject, readPickle } from '../open-object.ts';
import type { Records } from '../zip/container.ts';
import { recordOf } from './records.ts';

/** What every pickle of a file is opened with. */
export interface Opening {
  readonly container: Records;
  readonly fileBytes: number;
  readonly bigEndian: boolean;
  readonly context: Context;
  readonly report: Report;
}

/** How the object of one pickle becomes tensors. */
export interface ObjectPart {
  /** The folder of the storages. */
  readonly folder: string;
  readonly known: Known;
  readonly name?: string | undefined;
  readonly state?: PickleValue | undefined;
  readonly table?: readonly PickleValue[] | undefined;
}

/** Reads the pickle in a record, which must be there and have the record to itself. */
export async function readRecord(path: string, { container, context, report }: Opening): Promise<Pickle> {
  const source = container.record(path);
  if (source === undefined) {
    const message = `There is no ${path} in the folder ${JSON.stringify(container.folder)}: the file is not complete.`;
    throw new TorshError('malformed', message, { path: `${container.folder}/${path}` });
  }
  const bytes = await readAll(source, context.limits.pickleBytes, context);
  const pickle = readPickle(bytes, path, context);
  reportBehind(pickle, bytes.length, path, report);
  return pickle;
}

/** Finds the tensors of a pickle as windows on the records of the file. */
export function openPart(pickle: Pickle, path: string, opening: Opening, part: ObjectPart): OpenedObject {
  const { container, fileBytes, bigEndian, context, report } = opening;
  const { folder, ...rest } = part;
  const find = storages((storage) => container.record(storage.record));
  const record = recordOf(container, folder);
  return openObject({ pickle, path, storages: find, record, bigEndian, fileBytes, ...rest }, context, report);
}
