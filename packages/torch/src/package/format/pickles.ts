import { isTorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { isKnown } from '../../object/known.ts';
import type { Known, Report } from '../../object/report.ts';
import { type OpenedPickle, openPackagePickle, type ReadPickle, readPackagePickle } from '../read/pickle.ts';
import type { PackageRecords } from '../read/records.ts';

/** Opens every pickle that a user has put into the package, under whatever name. */
export async function* openPickles(
  records: PackageRecords,
  context: Context,
  report: Report,
): AsyncGenerator<OpenedPickle> {
  const known = knownIn(records);
  const keeping = keepsAll(report);
  for (const path of records.names()) {
    if (path.startsWith('.data/') || !(await looksLikePickle(path, records, context))) continue;
    const read = await readOrKeep(path, records, context, report);
    if (read !== undefined) yield openPackagePickle(read, records, context, keeping, known);
  }
}

/** A file may be called like a pickle and be none: it is kept like any other. */
async function readOrKeep(
  path: string,
  records: PackageRecords,
  context: Context,
  report: Report,
): Promise<ReadPickle | undefined> {
  try {
    return await readPackagePickle(records, path, context);
  } catch (error) {
    if (!isTorshError(error) || error.code === 'io' || error.code === 'limit') throw error;
    // Persistent ids are of this format only: a file with one is a pickle, and a broken one.
    if (/\.pkl$/i.test(path) || error.code === 'unsafe')
      report(
        'broken-pickle',
        `${path} is kept, but it is no pickle that can be read: ${error.message}`,
        path,
      );
    return undefined;
  }
}

const PROTO = 0x80;
const STOP = 0x2e;

/** By its name, or by its first bytes and its last: protocols from 2 on begin with their number. */
async function looksLikePickle(path: string, records: PackageRecords, context: Context): Promise<boolean> {
  if (/\.(pkl|pickle)$/i.test(path)) return true;
  const source = records.record(path)!;
  if (path.endsWith('.py') || source.size < 4 || source.size > context.limits.pickleBytes) return false;
  const [proto, protocol] = await source.read(0, 2, context);
  if (proto !== PROTO || protocol! < 2 || protocol! > 5) return false;
  const [last] = await source.read(source.size - 1, 1, context);
  return last === STOP;
}

/** Classes of the package's own code need no note: the code is kept, and does not run. */
function knownIn(records: PackageRecords): Known {
  return (module, name) => {
    const path = module.replaceAll('.', '/');
    return isKnown(module, name) || records.has(`${path}.py`) || records.has(`${path}/__init__.py`);
  };
}

/** Says what is said of a checkpoint, except that bytes are lost: a package keeps all of them. */
export function keepsAll(report: Report): Report {
  return (code, message, subject, severity) => {
    if (code === 'unreachable') return;
    report(code, message, subject, code === 'bytes-behind-pickle' ? 'note' : severity);
  };
}
