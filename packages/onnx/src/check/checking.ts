import type { ByteSource } from '@torsh/bytes';
import type { Operators } from './operator.ts';
import type { Place } from './place.ts';
import type { Rule } from './rules.ts';

/** What the rules are lent. */
export interface Checking {
  /** The IR version of the model: rules differ by it. */
  readonly ir: number;
  readonly operators: Operators;
  /** The file of the model, in which the weights lie. */
  readonly source: ByteSource;
  readonly signal: AbortSignal | undefined;
  /** The size of a file beside the model; `undefined` where there is none. */
  sizeOf(path: string): Promise<number | undefined>;
  /** Something that the reference checker or the runtime refuses. */
  found(rule: Rule, place: Place, message: string): void;
  /** Something that both accept and somebody should know. */
  warned(rule: Rule, place: Place, message: string): void;
}

/** The newest IR version that is known. */
export const NEWEST_IR = 14;
