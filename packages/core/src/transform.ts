import { TorshError } from '@torsh/bytes';
import { type Archive, type Model, tensorsOf } from './archive.ts';
import type { Issue } from './issue.ts';
import { type RenameRule, rename } from './rename.ts';
import { isRole, select } from './select.ts';

/** What is to be changed between reading and writing. */
export interface Wishes {
  /** Patterns of tensor names, or roles; all tensors where there are none. */
  readonly select?: readonly string[] | undefined;
  /** New names, given to what was selected. */
  readonly rename?: readonly RenameRule[] | undefined;
}

/** The archive as it is wanted, with a note for what was changed. */
export function transform(archive: Archive, wishes: Wishes, report?: (issue: Issue) => void): Archive {
  const { select: patterns = [], rename: rules = [] } = wishes;
  const chosen = patterns.length === 0 ? archive : selected(archive, patterns, report);
  if (rules.length === 0) return chosen;
  const renamed = rename(chosen, rules);
  const count = newNames(chosen, renamed);
  report?.({ severity: 'note', code: 'renamed', message: `${count} names of tensors were changed.` });
  return renamed;
}

function selected(archive: Archive, patterns: readonly string[], report?: (issue: Issue) => void): Archive {
  const chosen = select(archive, patterns);
  const [before, after] = [archive, chosen].map((each) => [...tensorsOf(each)].length) as [number, number];
  if (after === 0) {
    throw new TorshError(
      'not-found',
      `No tensor has a name like ${patterns.join(' or ')}; \`torsh inspect --tensors\` lists the names.`,
    );
  }
  const rest = patterns.some(isRole) ? ' What the file keeps besides them was left behind by choice.' : '';
  if (after < before || rest !== '') {
    report?.({
      severity: 'note',
      code: 'selected',
      message: `${after} of ${before} tensors were selected.${rest}`,
    });
  }
  return chosen;
}

function newNames(before: Archive, after: Archive): number {
  let count = 0;
  const names = (model: Model) => [...model.tensors.keys(), ...model.aliases.keys()];
  for (const [name, model] of before.models) {
    const renamed = names(after.models.get(name)!);
    names(model).forEach((each, index) => {
      if (renamed[index] !== each) count++;
    });
  }
  return count;
}
