import { isTorshError, readAll } from '@torsh/bytes';
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
  const passed: string[] = [];
  for (const { path, data } of resources) {
    // Damage to what is only kept must not hide the weights: whoever copies it will meet it.
    const broken = (error: unknown): void => {
      if (!isTorshError(error) || error.code === 'io') throw error;
      report('broken-pickle', `${path} is not a whole pickle: ${error.message}`, path);
    };
    try {
      if (!(await isPickle(path, data, context))) continue;
      if (data.size > left) {
        passed.push(path);
        continue;
      }
      left -= data.size;
      const bytes = await readAll(data, context.limits.pickleBytes, context);
      const { globals, error } = scan(bytes, context.limits);
      reportGlobals({ globals, protocol: 2 }, path, report, known);
      if (error !== undefined) broken(error);
    } catch (error) {
      broken(error);
    }
  }
  if (passed.length === 0) return;
  const message = `${passed.length} pickles (such as ${passed[0]}) were not looked into: they are longer than what is left of the limit pickleBytes.`;
  report('not-scanned', message, passed[0]);
}

async function isPickle(path: string, data: Resource['data'], context: Context): Promise<boolean> {
  if (/\.(pkl|debug_pkl|pickle)$/.test(path)) return true;
  if (path.endsWith('.py') || data.size < HEAD_BYTES) return false;
  const [proto, protocol] = await data.read(0, HEAD_BYTES, context);
  return proto === 0x80 && protocol! >= 2 && protocol! <= 5;
}
