import { pathFlaw, portablePathFlaw, TorshError } from '@torsh/bytes';
import type { Strictness, ZipEntry } from './directory.ts';

/** The entries by path. Refuses names that leave their root, and names that are one file on some systems and two on others. */
export function byName(entries: readonly ZipEntry[], strictness: Strictness): ReadonlyMap<string, ZipEntry> {
  const flawOf = strictness === 'strict' ? portablePathFlaw : pathFlaw;
  const seen = new Map<string, ZipEntry>();
  // Only those that another spelling stands for: in most archives there are none.
  const folded = new Map<string, ZipEntry>();
  const alike = (path: string): string | undefined => {
    const form = fold(path);
    return (seen.get(form) ?? folded.get(form))?.path;
  };
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
    const other = alike(entry.path);
    if (other !== undefined) {
      throw new TorshError(
        'unsafe',
        other === entry.path
          ? `The ZIP holds ${JSON.stringify(other)} twice; different tools would read different files.`
          : `The ZIP holds both ${JSON.stringify(other)} and ${JSON.stringify(entry.path)}, which are one file for some tools.`,
        place(entry),
      );
    }
    seen.set(entry.path, entry);
    const form = fold(entry.path);
    if (form !== entry.path) folded.set(form, entry);
  }
  if (strictness === 'tolerant') return seen;
  for (const entry of entries) {
    for (let at = entry.path.indexOf('/'); at >= 0; at = entry.path.indexOf('/', at + 1)) {
      const file = alike(entry.path.slice(0, at));
      if (file !== undefined) {
        throw new TorshError(
          'unsafe',
          `${JSON.stringify(file)} is a file and also the folder of ${JSON.stringify(entry.path)}.`,
          place(entry),
        );
      }
    }
  }
  return seen;
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
