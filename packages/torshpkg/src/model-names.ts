import type { ZipTree } from '@torsh/zip';
import type { Sidecar } from './sidecar.ts';

const FOLDER = 'models/';
const SUFFIX = '.safetensors';

/** The entries that are safetensors files by their name or by their sidecar, with the name of the model that each becomes. */
export function modelNames(
  zip: ZipTree,
  sidecars: ReadonlyMap<string, Sidecar>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const path of zip.entries.keys()) {
    if (!path.startsWith(FOLDER)) continue;
    const named = path.endsWith(SUFFIX);
    if (!named && sidecars.get(path)?.format !== 'safetensors') continue;
    const stem = path.slice(FOLDER.length, named ? -SUFFIX.length : undefined);
    const name = stem.replaceAll('/', '.');
    // A name that no file of a .torsh archive could have stays a file here.
    if (!/^[\w][\w.-]{0,127}$/.test(name) || name.endsWith('.') || taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    names.set(path, name);
  }
  return names;
}
