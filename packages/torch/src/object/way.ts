import type { PickleValue } from '@torsh/pickle';
import { keyText } from './key-text.ts';

/**
 * A step on the way to a tensor, and through `before` all steps that lead to it: a way can be kept for later without a
 * copy. Its text is made when a tensor is found: keys that lead to none may be of any size.
 */
export interface Step {
  readonly key: PickleValue;
  readonly before: Step | undefined;
  /** How many steps there are, this one among them. */
  readonly depth: number;
  text?: string;
}

/** The step to `key` from where one stands. */
export function step(before: Step | undefined, key: PickleValue): Step {
  return { key, before, depth: (before?.depth ?? 0) + 1 };
}

/** The parts of the name of what a way leads to. */
export function textsOf(last: Step | undefined, longest: number): string[] {
  const texts: string[] = [];
  for (let each = last; each !== undefined; each = each.before) {
    each.text ??= keyText(each.key, longest);
    texts.push(each.text);
  }
  return texts.reverse();
}
