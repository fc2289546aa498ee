import type { Report } from '../object/report.ts';
import type { Container } from './container.ts';

/** Notes what is odd about the ZIP: torch can be told to leave check sums out, and then damage cannot be seen. */
export function reportContainer({ zip }: Container, report: Report): void {
  for (const { code, message } of zip.directory.notes) report(code, message);
  let unsummed = 0;
  for (const { size, crc32 } of zip.entries.values()) if (size > 0 && crc32 === 0) unsummed++;
  if (unsummed > 0) report('no-crc', `${unsummed} records have no check sum: damage to them cannot be seen.`);
}

/** Records that a file of PyTorch's may have and that say nothing of its content. */
const ADMINISTRATIVE = new Set([
  'version',
  'byteorder',
  '.data/version',
  '.data/serialization_id',
  '.format_version',
  '.storage_alignment',
]);

/** True for a record that PyTorch's writers add to every file. */
export function isAdministrative(record: string): boolean {
  return ADMINISTRATIVE.has(record);
}

/** Says which records will not be in the archive: the reader has `used` all others. */
export function reportUnused({ names }: Container, used: ReadonlySet<string>, report: Report): void {
  const left: string[] = [];
  for (const record of names()) if (!isAdministrative(record) && !used.has(record)) left.push(record);
  if (left.length === 0) return;
  const named = `${left.slice(0, 3).join(', ')}${left.length > 3 ? ', …' : ''}`;
  const message = `${left.length} records (${named}) belong to no tensor and are not kept.`;
  report('unused-record', message, left[0], 'loss');
}
