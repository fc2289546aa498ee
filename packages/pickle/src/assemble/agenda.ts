import type { PickleValue } from '../value.ts';

/** Something to do when all that was put on the agenda after it is done. */
export type Step = () => void;

/** What to write next. There is no recursion, so values may be nested to any depth. */
export class Agenda {
  /** Last first. */
  readonly #steps: (PickleValue | Step)[] = [];

  get done(): boolean {
    return this.#steps.length === 0;
  }

  /** What comes next, where it is not done. */
  take(): PickleValue | Step {
    return this.#steps.pop()!;
  }

  /** First things first, although they are taken from the end. */
  next(...steps: readonly (PickleValue | Step)[]): void {
    this.nextOf(steps);
  }

  /** The same for a part of a list, which may be longer than a call can have arguments. */
  nextOf(steps: readonly (PickleValue | Step)[], from = 0, to: number = steps.length): void {
    for (let at = to - 1; at >= from; at--) this.#steps.push(steps[at]!);
  }
}
