import type { Report } from '../object/report.ts';
import type { Records } from './container.ts';

/** The text of the version record, which is in one of two places; torch insists on it. */
export async function versionOf(container: Records, report: Report): Promise<string | undefined> {
  const version = (await container.text('version')) ?? (await container.text('.data/version'));
  if (version === undefined)
    report('no-version', 'The version record is missing; torch itself would refuse the file.');
  return version?.trim();
}
