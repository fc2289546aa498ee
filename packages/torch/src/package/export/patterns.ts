import { type GlobGroup, type GlobPattern, globGroup } from '@torsh/python';
import { EmptyMatchError } from './errors.ts';
import type { Action } from './node.ts';
import { pythonList } from './python-text.ts';

/** What a pattern leaves out, and whether it may match nothing. */
export interface PatternOptions {
  readonly exclude?: GlobPattern | undefined;
  /** False: closing the exporter fails if no module that was needed matches. */
  readonly allowEmpty?: boolean | undefined;
}

/** What was asked for, in the order in which it was: the first pattern that matches decides. */
export interface Patterns {
  add(action: Action, include: GlobPattern, options: PatternOptions): void;
  /** The action for a module that is needed; its pattern has matched from now on. */
  take(module: string): Action | undefined;
  /** The same without consequences. */
  peek(module: string): Action | undefined;
  /** Throws for the first pattern that had to match and did not. */
  checkMatched(): void;
}

interface Pattern {
  readonly action: Action;
  readonly group: GlobGroup;
  /** As torch prints it. */
  readonly text: string;
  readonly allowEmpty: boolean;
  matched: boolean;
}

export function patterns(): Patterns {
  const known: Pattern[] = [];
  const first = (module: string) => known.find(({ group }) => group.matches(module));
  return {
    add(action, include, { exclude, allowEmpty = true }) {
      const group = globGroup(include, exclude === undefined ? {} : { exclude });
      const text = `GlobGroup(include=${printed(include)}, exclude=${exclude === undefined ? '()' : printed(exclude)})`;
      known.push({ action, group, text, allowEmpty, matched: false });
    },
    take(module) {
      const found = first(module);
      if (found !== undefined) found.matched = true;
      return found?.action;
    },
    peek: (module) => first(module)?.action,
    checkMatched() {
      const empty = known.find(({ allowEmpty, matched }) => !allowEmpty && !matched);
      if (empty === undefined) return;
      throw new EmptyMatchError(
        `Exporter did not match any modules to ${empty.text}, which was marked as allow_empty=False`,
      );
    },
  };
}

/** torch prints what it was given without quotes where that is one text, and as a list where it is several. */
function printed(pattern: GlobPattern): string {
  return typeof pattern === 'string' ? pattern : pythonList(pattern);
}
