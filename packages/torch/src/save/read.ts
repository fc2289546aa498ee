import { isTorshError, TorshError } from '@torsh/bytes';
import { type Archive, type Context, entrySource, type Input } from '@torsh/core';
import { reporter } from '../object/report.ts';
import { openCheckpoint } from '../open-checkpoint.ts';
import { type Container, openContainer } from '../zip/container.ts';
import { kindOf } from '../zip/kind.ts';
import { versionOf } from '../zip/version.ts';
import { checkpoint } from './checkpoint.ts';

/** Opens a checkpoint: the directory and the pickle are read, tensors are windows on their records. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined)
    throw new TorshError('unsupported', 'A checkpoint of torch.save is a file, not a folder.');
  const container = await openContainer(source, context).catch(offerSalvage);
  refuseOtherKinds(container);
  const report = reporter(context);
  const { opened, pickle, byteOrder } = await openCheckpoint(
    container,
    { fileBytes: source.size },
    context,
    report,
  );
  const version = await versionOf(container, report);
  return checkpoint(opened, { protocol: pickle.protocol, version, byteOrder });
}

/** Of a checkpoint that was cut off, most may still be there. */
function offerSalvage(error: unknown): never {
  if (!isTorshError(error, 'truncated')) throw error;
  const { message, path, offset, cause } = error;
  const offer = `${message} What is whole in it, \`torsh salvage\` recovers.`;
  throw new TorshError('truncated', offer, { path, offset, cause });
}

/** Says what a ZIP of PyTorch's is that is not a checkpoint. */
function refuseOtherKinds(container: Container): void {
  const kind = kindOf(container);
  if (kind === 'torchscript') {
    throw new TorshError(
      'unsupported',
      'This is a TorchScript module (torch.jit.save) and no checkpoint of torch.save: the format torchscript reads it.',
    );
  }
  if (kind === 'package') {
    throw new TorshError(
      'unsupported',
      'This is a torch.package and no checkpoint of torch.save: the format torch-package reads it.',
    );
  }
  if (kind === 'export') {
    throw new TorshError(
      'unsupported',
      'This is an exported program (torch.export) and no checkpoint of torch.save: the format torch-export reads it.',
    );
  }
  if (!container.has('data.pkl')) {
    const { folder } = container;
    throw new TorshError(
      'malformed',
      `There is no data.pkl in the folder ${JSON.stringify(folder)}: the object itself is missing.`,
      { path: `${folder}/data.pkl` },
    );
  }
}
