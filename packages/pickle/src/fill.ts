import type { TorshError } from '@torsh/bytes';
import type { EntryIndex } from './entries.ts';
import { failure, keyWithoutValue } from './failure.ts';
import { NONE, type Open } from './none.ts';
import type { PickleValue, PyObject } from './value.ts';

// Opcodes that put something into a value that is already there. What a builtin type has no method for is refused, as
// Python refuses it; objects take everything, since only their class knows.

function kindOf(value: PickleValue): string {
  if (value === null) return 'None';
  if (value instanceof Uint8Array) return 'bytes';
  return typeof value === 'object' ? value.kind : typeof value;
}

function refuse(verb: string, target: PickleValue, offset: number): TorshError {
  const kind = kindOf(target);
  // A persistent object or an extension may well have the method; there is just no place to keep what was put in.
  const known = kind !== 'persistent' && kind !== 'extension' && kind !== 'global';
  return failure(known ? 'malformed' : 'unsupported', `The pickle ${verb} a value of type ${kind}`, offset);
}

/** APPENDS, SETITEMS and ADDITEMS: what lies above the mark goes into the value below it. */
export function fill(
  code: number,
  target: PickleValue,
  stack: readonly PickleValue[],
  from: number,
  to: number,
  index: EntryIndex,
  offset: number,
): void {
  if (code === 0x65) appendItems(target, stack, from, to, offset);
  else if (code === 0x90) addItems(target, stack, from, to, index, offset);
  else if ((to - from) % 2 !== 0) throw keyWithoutValue(offset);
  else setItems(target, stack, from, to, index, offset);
}

/** APPEND and APPENDS: the values of the stack from `from` up to `to`. */
export function appendItems(
  target: PickleValue,
  stack: readonly PickleValue[],
  from: number,
  to: number,
  offset: number,
): void {
  if (typeof target === 'object' && target !== null && !(target instanceof Uint8Array)) {
    if (target.kind === 'list') {
      const items = target.items;
      for (let at = from; at < to; at++) items.push(stack[at]!);
      return;
    }
    if (target.kind === 'object') {
      const open: Open<PyObject> = target;
      if (open.items === NONE) open.items = stack.slice(from, to);
      else for (let at = from; at < to; at++) open.items.push(stack[at]!);
      return;
    }
  }
  throw refuse('appends to', target, offset);
}

/** ADDITEMS. */
function addItems(
  target: PickleValue,
  stack: readonly PickleValue[],
  from: number,
  to: number,
  index: EntryIndex,
  offset: number,
): void {
  if (typeof target === 'object' && target !== null && !(target instanceof Uint8Array)) {
    if (target.kind === 'object') {
      appendItems(target, stack, from, to, offset);
      return;
    }
    if (target.kind === 'set') {
      for (let at = from; at < to; at++) {
        if (!index.add(target, target.items, stack[at]!)) throw unhashable(stack[at]!, offset);
      }
      return;
    }
  }
  throw refuse('adds to', target, offset);
}

/** SETITEM and SETITEMS: keys and values by turns, in the stack from `from` up to `to`. */
export function setItems(
  target: PickleValue,
  stack: readonly PickleValue[],
  from: number,
  to: number,
  index: EntryIndex,
  offset: number,
): void {
  if (typeof target === 'object' && target !== null && !(target instanceof Uint8Array)) {
    if (target.kind === 'dict' || target.kind === 'object') {
      for (let at = from; at < to; at += 2) {
        if (!index.set(target, stack[at]!, stack[at + 1]!)) throw unhashable(stack[at]!, offset);
      }
      return;
    }
    if (target.kind === 'list') {
      for (let at = from; at < to; at += 2) setListItem(target.items, stack[at]!, stack[at + 1]!, offset);
      return;
    }
  }
  throw refuse('sets items of', target, offset);
}

/** `list[index] = value`: legal Python, so legal here. */
function setListItem(items: PickleValue[], key: PickleValue, value: PickleValue, offset: number): void {
  const given = typeof key === 'boolean' ? Number(key) : key;
  const at = typeof given === 'number' ? (given < 0 ? given + items.length : given) : -1;
  if (at < 0 || at >= items.length)
    throw failure('malformed', 'The pickle sets an item that its list lacks', offset);
  items[at] = value;
}

/** BUILD. */
export function addState(target: PickleValue, state: PickleValue, offset: number): void {
  if (typeof target === 'object' && target !== null && !(target instanceof Uint8Array)) {
    if (target.kind === 'object') {
      const open: Open<PyObject> = target;
      if (open.states === NONE) open.states = [state];
      else open.states.push(state);
      return;
    }
    if (target.kind === 'global') {
      const states = target.states;
      if (states !== undefined) states.push(state);
      else (target as { states?: PickleValue[] }).states = [state];
      return;
    }
  }
  throw refuse('gives a state to', target, offset);
}

/** A list, a dict or a set as a key: Python cannot hash those. */
export function unhashable(value: PickleValue, offset: number): TorshError {
  const message = `The pickle uses a value of type ${kindOf(value)}, or a tuple that holds one, as a key`;
  return failure('malformed', message, offset);
}
