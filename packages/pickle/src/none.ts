import type { PickleValue } from './value.ts';

/**
 * The empty list that all values share until something is put into theirs. A big checkpoint has a call or two for each
 * tensor, and most of their lists stay empty. Frozen, so that a write to the shared one fails instead of being seen in
 * all other values; its type does not say so, because the lists of values that a caller makes are the caller's.
 */
export const NONE: PickleValue[] = Object.freeze([]) as readonly PickleValue[] as PickleValue[];

/** A value whose fields may still be set; for those who make it, before anyone else has it. */
export type Open<T> = { -readonly [K in keyof T]: T[K] };
