import { isKind, type PickleValue, type PyObject } from '@torsh/pickle';
import { callOf } from './arguments.ts';

/** Calls by which TorchScript says the type of a container: they give it back as it is. */
const MARKS = new Set([
  'torch.jit._pickle.restore_type_tag',
  'torch.jit._pickle.build_intlist',
  'torch.jit._pickle.build_doublelist',
  'torch.jit._pickle.build_boollist',
  'torch.jit._pickle.build_tensorlist',
]);

/** Classes by which TorchScript did the same before torch 1.2, with the container as their state. */
const OLD_MARKS = new Set([
  '__main__.IntList',
  '__main__.DoubleList',
  '__main__.BoolList',
  '__main__.TensorList',
]);

/** True for the name of such a call. */
export function isMark(name: string): boolean {
  return MARKS.has(name);
}

/** True for the name of such a class: anybody may have one, so it means something in files of TorchScript only. */
export function isOldMark(name: string): boolean {
  return OLD_MARKS.has(name);
}

/** The container in a call that only says its type; `undefined` for anything else. */
export function markedOf(value: PyObject): PickleValue | undefined {
  const call = callOf(value);
  if (call === undefined) return undefined;
  if (value.how === 'reduce' && MARKS.has(call))
    return isKind(value.args, 'tuple') ? value.args.items[0] : undefined;
  return value.how === 'newobj' && OLD_MARKS.has(call) ? value.states[0] : undefined;
}
