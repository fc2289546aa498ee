import type { ModuleFinder } from './finder.ts';
import type { ImportReference } from './references.ts';

/**
 * The modules that references mean. `from a import b` means `a.b` where that is a module, and `a` otherwise. What
 * nobody can import is left out without a word, as torch leaves it out.
 */
export async function findDependencies(
  references: readonly ImportReference[],
  finder: ModuleFinder,
): Promise<ReadonlySet<string>> {
  const needed = new Set<string>();
  for (const { module, name } of references) {
    const inner = name === undefined ? undefined : `${module}.${name}`;
    if (inner !== undefined && (await finder.find(inner)) !== undefined) needed.add(inner);
    else if (await finder.find(module)) needed.add(module);
  }
  return needed;
}
