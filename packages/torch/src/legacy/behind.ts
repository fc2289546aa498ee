import type { ByteSource } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { scan } from '@torsh/pickle';
import { type Report, reportGlobals } from '../object/report.ts';
import { isLegacy } from './magic.ts';

/** How much is looked at of what lies behind a file's end; an honest file has nothing there. */
const LOOK = 2 ** 20;

/**
 * Says what lies behind the last storage. torch never reads it; a program that loads several objects from one file
 * would, so whatever it names as a pickle is told.
 */
export async function reportBehind(
  source: ByteSource,
  end: number,
  path: string,
  context: Context,
  report: Report,
): Promise<void> {
  const left = source.size - end;
  if (left === 0) return;
  const bytes = (await source.read(end, Math.min(left, LOOK), context)).slice();
  const { globals } = scan(bytes, context.limits);
  const uses = globals.map((use) => ({ ...use, offset: use.offset + end }));
  reportGlobals({ globals: uses, protocol: 2 }, path, report);
  const what = isLegacy(bytes)
    ? 'They begin another checkpoint: cut the file there to read that one.'
    : 'They are not read.';
  report(
    'bytes-behind-storages',
    `${left} bytes follow behind the last storage, from byte ${end} on. ${what}`,
    path,
    'loss',
  );
}
