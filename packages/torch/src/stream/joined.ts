import type { Pickle } from '@torsh/pickle';

/** The pickle of an object, with what all pickles of its file name and are remarked on, in the order of the file. */
export function joined(object: Pickle, all: readonly Named[]): Pickle {
  return {
    ...object,
    globals: all.flatMap(({ globals }) => globals),
    notes: all.flatMap(({ notes = [] }) => notes),
  };
}

/** Something that names classes and functions: a pickle, as a rule. */
type Named = Pick<Pickle, 'globals'> & Partial<Pick<Pickle, 'notes'>>;
