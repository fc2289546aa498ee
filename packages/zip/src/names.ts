import { pathFlaw, portablePathFlaw, TorshError } from '@torsh/bytes';
import type { Strictness, ZipEntry } from './directory.ts';

/** Refuses names that leave their root, and names that are one file on some systems and two on others. */
export function checkNames(entries: readonly ZipEntry[], strictness: Strictness): void {
  const flawOf = strictness === 'strict' ? portablePathFlaw : pathFlaw;
  const seen = new Map<string, string>();
  const place = ({ path, offset }: ZipEntry) => ({ path, offset });
  for (const entry of entries) {
    const flaw = flawOf(entry.path);
    if (flaw !== undefined) {
      throw new TorshError(
        'unsafe',
        `The ZIP entry ${JSON.stringify(entry.path)} is refused: ${flaw}.`,
        place(entry),
      );
    }
    const folded = fold(entry.path);
    const other = seen.get(folded);
    if (other !== undefined) {
      throw new TorshError(
        'unsafe',
        other === entry.path
          ? `The ZIP holds ${JSON.stringify(other)} twice; different tools would read different files.`
          : `The ZIP holds both ${JSON.stringify(other)} and ${JSON.stringify(entry.path)}, which are one file for some tools.`,
        place(entry),
      );
    }
    seen.set(folded, entry.path);
  }
  if (strictness === 'tolerant') return;
  for (const entry of entries) {
    for (let at = entry.path.indexOf('/'); at >= 0; at = entry.path.indexOf('/', at + 1)) {
      const file = seen.get(fold(entry.path.slice(0, at)));
      if (file !== undefined) {
        throw new TorshError(
          'unsafe',
          `${JSON.stringify(file)} is a file and also the folder of ${JSON.stringify(entry.path)}.`,
          place(entry),
        );
      }
    }
  }
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
