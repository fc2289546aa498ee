import type { Limits } from '@torsh/bytes';
import { type Built, run } from './machine.ts';
import { type GlobalUse, type PickleNote, Trace } from './trace.ts';
import type { PickleValue, PyObject } from './value.ts';

/** One pickle, read. */
export interface Pickle {
  readonly value: PickleValue;
  /** Every class and function that the pickle names, in the order of the file. */
  readonly globals: readonly GlobalUse[];
  /** The first byte after STOP. */
  readonly end: number;
  /** The last protocol that the pickle states; 0 where it states none. */
  readonly protocol: number;
  readonly notes: readonly PickleNote[];
}

/** Where in the bytes the pickle begins, and what the format that it is in knows of its values. */
export interface InterpretOptions {
  readonly offset?: number;
  /**
   * Gives what a persistent id stands for, where the format that the pickle is in knows: a value of its own making, or
   * `undefined` for a `PyPersistent` with the id in it. The same id may be asked for again; what Python would share has
   * to be given as the same object. `offset` is the byte of the opcode; errors get it too.
   */
  resolve?(id: PickleValue, offset: number): PickleValue | undefined;
  /**
   * Gives what a call of REDUCE stands for, where the format knows; `undefined` keeps the call as it is. `offset` is the
   * byte of the opcode.
   */
  called?(call: PyObject, offset: number): PickleValue | undefined;
  /**
   * Asked when BUILD has given a value its state: some writers put bytes that are no pickle right behind it. `end` is
   * the byte behind BUILD; the answer says what stands there, and where the pickle goes on.
   */
  built?(value: PickleValue, end: number): Built | undefined;
}

/**
 * Reads one pickle to inert values: names and arguments, never objects. Nothing is imported, called or run.
 *
 * Byte values are windows on `bytes`. Values may be nested to any depth: whoever walks them must not recurse.
 */
export function interpret(bytes: Uint8Array, limits: Limits, options: InterpretOptions = {}): Pickle {
  const trace = new Trace();
  const { value, end, protocol } = run(bytes, options.offset ?? 0, limits, trace, options);
  return { value, globals: trace.globals, end, protocol, notes: trace.notes };
}
