import { recordsOf, type Walked } from '../object/register.ts';
import type { Report } from '../object/report.ts';

/** Says which storages of a file (by their places, with their sizes) belong to no tensor: they will not be in the archive. */
export function reportUnused(sizes: ReadonlyMap<string, number>, walked: Walked, report: Report): void {
  const used = new Set(recordsOf(walked));
  for (const [record, bytes] of sizes) {
    if (bytes === 0 || used.has(record)) continue;
    const message = `The storage ${record} (${bytes} bytes) belongs to no tensor and is not kept.`;
    report('unused-storage', message, record, 'loss');
  }
}
