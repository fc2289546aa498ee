/**
 * Python values as inert data. The commonest are plain: `None` is `null`, `bool` is `boolean`, `int` is a safe `number`
 * or else a `bigint`, `str` is a `string` (lone surrogates allowed), `bytes` is a `Uint8Array`. A Python `float` is a
 * `PyFloat`, because a `number` here is always an `int`. Everything else is one of the objects below, told apart by `kind`.
 * Containers and objects keep their identity: what Python shares is the same JavaScript object, cycles included.
 *
 * What was read is not to be changed: most lists of most objects are empty, and all of those are one frozen list.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyFloat
  | PyBytes8
  | PyByteArray
  | PyTuple
  | PyList
  | PyDict
  | PySet
  | PyFrozenSet
  | PyGlobal
  | PyObject
  | PyPersistent
  | PyExtension;

/** A `float`; NaN and the sign of zero are kept. */
export interface PyFloat {
  readonly kind: 'float';
  readonly value: number;
}

/** A Python 2 `str` that is not valid UTF-8 (one that is becomes a `string`). */
export interface PyBytes8 {
  readonly kind: 'str8';
  readonly bytes: Uint8Array;
}

export interface PyByteArray {
  readonly kind: 'bytearray';
  readonly bytes: Uint8Array;
}

export interface PyTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

export interface PyList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

/** A `dict`, in insertion order; Python's rule of equal keys holds (1, 1.0 and True are one key; a later value wins). */
export interface PyDict {
  readonly kind: 'dict';
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

export interface PySet {
  readonly kind: 'set';
  readonly items: PickleValue[];
}

export interface PyFrozenSet {
  readonly kind: 'frozenset';
  readonly items: readonly PickleValue[];
}

/** A class or function, by name only. */
export interface PyGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
  /** What BUILD would have set on the class or function itself: no honest file has any. */
  readonly states?: PickleValue[];
  /**
   * The module and the name where STACK_GLOBAL takes them from the result of a call, so that no reader can know them;
   * `module` and `name` are then empty. No honest file does this.
   */
  readonly operands?: readonly [module: PickleValue, name: PickleValue];
}

/** The result of a call that was not made: what would be called, with what, and what was put into the result. */
export interface PyObject {
  readonly kind: 'object';
  readonly how: 'reduce' | 'newobj' | 'newobj_ex' | 'inst' | 'obj';
  /** Usually a `PyGlobal`; in hostile files it can be any value. */
  readonly callee: PickleValue;
  /** Usually a `PyTuple`. */
  readonly args: PickleValue;
  readonly kwargs?: PickleValue;
  /** States given by BUILD, in order; honest files have none or one. */
  readonly states: PickleValue[];
  /** Items given by APPEND, APPENDS or ADDITEMS. */
  readonly items: PickleValue[];
  /** Entries given by SETITEM or SETITEMS (an `OrderedDict`, a `Counter`); Python's rule of equal keys holds. */
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

/** A persistent id: what it stands for is for the reader of the format to say. `id` is a string for the text opcode. */
export interface PyPersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
}

/** A code of the `copyreg` extension registry. */
export interface PyExtension {
  readonly kind: 'extension';
  readonly code: number;
}
