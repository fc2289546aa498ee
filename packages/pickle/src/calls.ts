import { NONE } from './none.ts';
import type { PickleValue, PyObject } from './value.ts';

// The only two places where calls are made, so that there are two hidden classes of them and no more.

/** A call that was not made, with nothing put into its result yet. */
export function call(how: PyObject['how'], callee: PickleValue, args: PickleValue): PyObject {
  return { kind: 'object', how, callee, args, states: NONE, items: NONE, keys: NONE, values: NONE };
}

/** The same with arguments by name, as NEWOBJ_EX has them. */
export function callWithKeywords(
  how: PyObject['how'],
  callee: PickleValue,
  args: PickleValue,
  kwargs: PickleValue,
): PyObject {
  return { kind: 'object', how, callee, args, kwargs, states: NONE, items: NONE, keys: NONE, values: NONE };
}
