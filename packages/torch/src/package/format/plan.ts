import { isTorshError, type Limits } from '@torsh/bytes';
import type { Archive } from '@torsh/core';
import { type FreshPackage, freshPackage } from './fresh.ts';
import { isPackage, parseFacts } from './parse-facts.ts';
import { type PackageToWrite, restorePackage } from './restore.ts';

/** How an archive becomes a package: the one that it came from, record by record, or a new one. */
export type PackagePlan =
  | { readonly way: 'restored'; readonly made: PackageToWrite }
  | { readonly way: 'fresh'; readonly made: FreshPackage };

/** Gives the package back where the archive came from one that still fits it; else plans a new one. */
export function planPackage(whole: Archive, limits: Limits): PackagePlan {
  if (!isPackage(whole)) return { way: 'fresh', made: freshPackage(whole, limits, new Set()) };
  try {
    return { way: 'restored', made: restorePackage(whole, parseFacts(whole)) };
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return { way: 'fresh', made: freshPackage(whole, limits, staleIn(whole), error.message) };
  }
}

/** Pickles name storages by numbers, which a new package gives anew; what lies below `.data` belongs to the old one. */
function staleIn(whole: Archive): ReadonlySet<string> {
  const stale = new Set([...whole.resources.keys()].filter((path) => path.startsWith('.data/')));
  try {
    const { pickles, paths } = parseFacts(whole);
    const changed = new Map(Object.entries(paths).map(([path, record]) => [record, path]));
    for (const record of pickles) stale.add(changed.get(record) ?? record);
  } catch (error) {
    if (!isTorshError(error)) throw error;
    for (const path of whole.resources.keys()) if (path.endsWith('.pkl')) stale.add(path);
  }
  return stale;
}
