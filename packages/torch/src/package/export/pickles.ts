import type { Limits } from '@torsh/bytes';
import { type GlobalUse, interpret } from '@torsh/pickle';

/** The classes and functions that a pickle names, by their modules, in the order in which those are met first. */
export function modulesOf(pickle: Uint8Array, limits: Limits): ReadonlyMap<string, readonly string[]> {
  const modules = new Map<string, string[]>();
  for (const use of interpret(pickle, limits).globals) {
    const { module, name } = named(use);
    const known = modules.get(module);
    if (known === undefined) modules.set(module, [name]);
    else known.push(name);
  }
  return modules;
}

function named({ module, name }: GlobalUse): { module: string; name: string } {
  if (module !== undefined && name !== undefined) return { module, name };
  throw new TypeError(
    'The pickle names a class or function that only running it would tell, so what it needs cannot be known. No honest pickle does that.',
  );
}
