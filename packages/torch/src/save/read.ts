import { isTorshError, readAll, TorshError } from '@torsh/bytes';
import { type Archive, archive, type Context, entrySource, head, type Input } from '@torsh/core';
import { storages } from '../data/storages.ts';
import { recordsOf } from '../object/register.ts';
import { reportBehind, reporter } from '../object/report.ts';
import { openObject, readPickle } from '../open-object.ts';
import { byteOrderOf } from '../zip/byte-order.ts';
import { type Container, openContainer } from '../zip/container.ts';
import { reportContainer, reportUnused } from '../zip/report.ts';
import { versionOf } from '../zip/version.ts';
import { isLegacy } from './detect.ts';

/** The namespace of what a checkpoint keeps besides tensors. */
export const TORCH = 'torch';

/** Opens a checkpoint: the directory and the pickle are read, tensors are windows on their records. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined)
    throw new TorshError('unsupported', 'A checkpoint of torch.save is a file, not a folder.');
  if (isLegacy(await head(source, 16, context))) {
    throw new TorshError(
      'unsupported',
      'This is a file of torch.save from before torch 1.6 (or with its ZIP form turned off); torsh does not read it yet.',
    );
  }
  const container = await openContainer(source, context).catch(offerSalvage);
  refuseOtherKinds(container);
  const report = reporter(context);
  reportContainer(container, report);
  const path = 'data.pkl';
  const bytes = await readAll(container.record(path)!, context.limits.pickleBytes, context);
  const pickle = readPickle(bytes, path, context);
  const byteOrder = await byteOrderOf(container);
  const record = (key: string) => `data/${key}`;
  const opened = openObject(
    {
      pickle,
      path,
      record,
      storages: storages((storage) => container.record(storage.record)),
      bigEndian: byteOrder === 'big',
      fileBytes: source.size,
    },
    context,
    report,
  );
  reportBehind(pickle, bytes.length, path, report);
  reportUnused(container, new Set([path, ...recordsOf(opened.walked)]), report);
  const version = await versionOf(container, report);
  return archive('torch-save', {
    models: opened.models,
    metadata: {
      [TORCH]: {
        kind: 'torch.save',
        protocol: pickle.protocol,
        ...(version === undefined ? {} : { version }),
        ...(byteOrder === undefined ? {} : { byteorder: byteOrder }),
        ...opened.structure,
      },
    },
    incidental: opened.plain ? [TORCH] : [],
  });
}

/** Of a checkpoint that was cut off, most may still be there. */
function offerSalvage(error: unknown): never {
  if (!isTorshError(error, 'truncated')) throw error;
  const { message, path, offset, cause } = error;
  const offer = `${message} What is whole in it, \`torsh salvage\` recovers.`;
  throw new TorshError('truncated', offer, { path, offset, cause });
}

/** Says what a ZIP of PyTorch's is that is not a checkpoint. */
function refuseOtherKinds({ has, zip, folder }: Container): void {
  const refuse = (what: string) => {
    throw new TorshError('unsupported', `${what}; torsh reads checkpoints of torch.save, and not this yet.`);
  };
  if (has('constants.pkl')) refuse('This is a TorchScript module (torch.jit.save)');
  if (has('.data/extern_modules')) refuse('This is a torch.package');
  if (has('archive_format') || [...zip.entries.keys()].some((path) => path.endsWith('.pt2')))
    refuse('This is a torch.export archive');
  if (has('model.json')) refuse('This is a TorchScript module of torch 1.0 to 1.2');
  if (!has('data.pkl')) {
    throw new TorshError(
      'malformed',
      `There is no data.pkl in the folder ${JSON.stringify(folder)}: the object itself is missing.`,
      { path: `${folder}/data.pkl` },
    );
  }
}
