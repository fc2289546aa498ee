import { readAll } from '@torsh/bytes';
import type { Context, Resource } from '@torsh/core';
import { scan } from '@torsh/pickle';
import { type Known, type Report, reportGlobals } from '../object/report.ts';

/** PROTO and a protocol: the head of every pickle that is not of the oldest two protocols. */
const HEAD_BYTES = 2;

/** Looks into the pickles among the resources: they are kept as they are, and what they name is said. */
export async function reportPickles(
  resources: readonly Resource[],
  known: Known,
  context: Context,
  report: Report,
): Promise<void> {
  let left = context.limits.pickleBytes;
  for (const { path, data } of resources) {
    if (!(await isPickle(path, data, context))) continue;
    left -= data.size;
    if (left < 0) {
      report(
        'not-scanned',
        `${path} and what follows it were not looked into: together the pickles are too long.`,
        path,
      );
      return;
    }
    const { globals, error } = scan(await readAll(data, context.limits.pickleBytes, context), context.limits);
    reportGlobals({ globals, protocol: 2 }, path, report, known);
    if (error !== undefined) report('broken-pickle', `${path} is not a whole pickle: ${error.message}`, path);
  }
}

async function isPickle(path: string, data: Resource['data'], context: Context): Promise<boolean> {
  if (/\.(pkl|debug_pkl|pickle)$/.test(path)) return true;
  if (path.endsWith('.py') || data.size < HEAD_BYTES) return false;
  const [proto, protocol] = await data.read(0, HEAD_BYTES, context);
  return proto === 0x80 && protocol! >= 2 && protocol! <= 5;
}
