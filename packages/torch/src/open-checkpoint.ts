import { type ByteSource, readAll, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { Pickle, PickleValue } from '@torsh/pickle';
import { embeddedIn } from './data/embedded.ts';
import { type Storages, storages } from './data/storages.ts';
import { recordsOf } from './object/register.ts';
import { type Report, reportBehind } from './object/report.ts';
import type { Storage } from './object/view.ts';
import { type OpenedObject, openObject, readPickle } from './open-object.ts';
import { byteOrderOf } from './zip/byte-order.ts';
import { type Container, openContainer } from './zip/container.ts';
import { reportContainer, reportUnused } from './zip/report.ts';

/** A container of torch.save and the object in it. */
export interface OpenedCheckpoint {
  readonly opened: OpenedObject;
  readonly pickle: Pickle;
  readonly storages: Storages;
  readonly byteOrder: 'little' | 'big' | undefined;
}

/** Where a checkpoint lies, and what its object is part of. */
export interface CheckpointPlace {
  /** The size of the whole file: what is made of it must be in proportion. */
  readonly fileBytes: number;
  /** The record that the checkpoint is, where it lies in another container; empty for a file of its own. */
  readonly path?: string;
  /** Puts the object into another one, whose ways to it are its names. */
  readonly within?: (value: PickleValue) => PickleValue;
}

/** Opens the object of a torch.save container: the pickle is read, tensors are windows on their records. */
export async function openCheckpoint(
  container: Container,
  { fileBytes, path = '', within = (value) => value }: CheckpointPlace,
  context: Context,
  report: Report,
): Promise<OpenedCheckpoint> {
  const prefix = path === '' ? '' : `${path}/`;
  const place = `${prefix}data.pkl`;
  reportContainer(container, report);
  const data = container.record('data.pkl')!;
  const bytes = await readAll(data, context.limits.pickleBytes, context);
  const read = readPickle(bytes, place, context);
  const pickle = { ...read, value: within(read.value) };
  const byteOrder = await byteOrderOf(container);
  const find = ({ record }: Storage) => container.record(record.slice(prefix.length));
  const found = storages(find, embeddedIn(data, bytes));
  const opened = openObject(
    {
      pickle,
      path: place,
      record: (key) => `${prefix}data/${key}`,
      storages: found,
      bigEndian: byteOrder === 'big',
      fileBytes,
    },
    context,
    report,
  );
  reportBehind(pickle, bytes.length, place, report);
  const used = new Set(['data.pkl']);
  for (const record of recordsOf(opened.walked)) used.add(record.slice(prefix.length));
  reportUnused(container, used, report);
  return { opened, pickle, storages: found, byteOrder };
}

/** Opens a checkpoint that is a record of another container, in place. */
export async function openNested(
  source: ByteSource,
  place: CheckpointPlace & { readonly path: string },
  context: Context,
  report: Report,
): Promise<OpenedCheckpoint> {
  const container = await containerIn(source, place.path, context);
  if (container.has('data.pkl')) return openCheckpoint(container, place, context, report);
  throw new TorshError('malformed', `The record ${place.path} should be a file of torch.save, and is not.`, {
    path: place.path,
  });
}

/** A container in a container; what is wrong with it is wrong in the record `path`. */
export async function containerIn(source: ByteSource, path: string, context: Context): Promise<Container> {
  try {
    return await openContainer(source, context);
  } catch (error) {
    if (!(error instanceof TorshError)) throw error;
    const inner = error.path === undefined ? path : `${path}/${error.path}`;
    throw new TorshError(error.code, error.message, { path: inner, offset: error.offset, cause: error });
  }
}
