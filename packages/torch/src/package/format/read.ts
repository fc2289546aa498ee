import type { Archive, Context, Input } from '@torsh/core';
import { reporter } from '../../object/report.ts';
import { reportContainer } from '../../zip/report.ts';
import { openRecords } from '../read/records.ts';
import { openArchive } from './open-archive.ts';

/** Opens a package: the directory and the pickles are read, tensors are windows on their storages. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const records = await openRecords(input, context);
  const report = reporter(context);
  if (records.zip !== undefined) reportContainer(records as Parameters<typeof reportContainer>[0], report);
  const opened = await openArchive(records, context, report);
  const code = [...opened.resources.values()].filter(({ role }) => role === 'code').length;
  if (code > 0) report('code', `The code (${code} files) is kept as it is, and nothing of it was run.`);
  return opened;
}
