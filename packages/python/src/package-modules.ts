import type { ModuleAction } from './follow.ts';
import type { StandardLibrary } from './standard/versions.ts';

/** Standard library or not, these give access to the system, so a person has to say what becomes of them. */
const UNTRUSTED: ReadonlySet<string> = new Set(['sys', 'io']);

/**
 * What torch.package decides before it asks the rules: `torch` and the standard library stay outside, under their full
 * names; the importer and the mocks are its own.
 */
export function packageModules({
  names,
}: Pick<StandardLibrary, 'names'>): (name: string) => ModuleAction | undefined {
  return (name) => {
    if (name === 'torch_package_importer') return 'skip';
    if (name === '_mock') return 'mock-support';
    const dot = name.indexOf('.');
    const top = dot < 0 ? name : name.slice(0, dot);
    if (top === 'torch' || (names.has(top) && !UNTRUSTED.has(top))) return 'extern';
    return undefined;
  };
}
