import { type GlobPattern, globGroup, standardLibrary } from '@torsh/python';
import { TORCH_MODULES } from './torch-modules.ts';

/** What is there wherever a package is loaded: torch, Python's standard library, and what the user says is installed. */
export interface Environment {
  /** True for what every package takes from outside unasked: torch and the standard library, but not `sys` and `io`. */
  isImplicit(module: string): boolean;
  /** True for a module that is there; `member`: under this name there may also be a class or a function. */
  has(module: string, member: boolean): boolean;
}

/** Parts of the standard library that reach deep into the system, so that nobody gets them unasked. */
export const DISALLOWED: readonly string[] = ['sys', 'io'];

/** The environment of one version of Python. */
export function environmentOf(pythonVersion: string, installed: GlobPattern = []): Environment {
  const names = new Set(typeof installed === 'string' ? [installed] : installed);
  const patterns = globGroup(installed);
  const library = standardLibrary(pythonVersion);
  const isThere = (top: string) => top === 'torch' || library.names.has(top);
  return {
    isImplicit(module) {
      const top = topOf(module);
      return isThere(top) && !DISALLOWED.includes(top);
    },
    has(module, member) {
      const top = topOf(module);
      if (member) return library.modules.has(module) || torchModules.has(module) || names.has(module);
      return isThere(top) || patterns.matches(module);
    },
  };
}

function topOf(module: string): string {
  return module.split('.', 1)[0]!;
}

const torchModules: ReadonlySet<string> = new Set(namesIn(TORCH_MODULES));

/** The names in a list of `parent: child child …` lines. */
function* namesIn(list: string): Generator<string> {
  let parent = '';
  for (const word of list.split(/\s+/)) {
    if (word.endsWith(':')) parent = word.slice(0, -1);
    else if (word !== '') yield `${parent}.${word}`;
  }
}
