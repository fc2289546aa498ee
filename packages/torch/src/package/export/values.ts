import type { Model } from '@torsh/core';
import {
  isKind,
  type PickleValue,
  type PyDict,
  type PyFloat,
  type PyGlobal,
  type PyObject,
  type PyTuple,
} from '@torsh/pickle';
import { global, orderedDict, tuple } from '../../object/call.ts';
import { stateDict } from '../../object/state-dict.ts';

const KINDS: ReadonlySet<string> = new Set([
  'float',
  'str8',
  'bytearray',
  'tuple',
  'list',
  'dict',
  'set',
  'frozenset',
  'global',
  'object',
  'persistent',
  'extension',
]);

/**
 * What Python has for a value of JavaScript: `null` is `None`, a whole number is an `int` and any other a `float`, `bigint`
 * an `int`, `Uint8Array` is `bytes`, an array a `list`, a `Set` a `set`, a `Map` or a plain object a `dict`. Values that are
 * Python's already, at any depth, stay. What is shared stays shared; cycles are kept.
 */
export function pyValue(value: unknown): PickleValue {
  const made = new Map<object, PickleValue>();
  const unfilled: (() => void)[] = [];
  const convert = (each: unknown): PickleValue => {
    if (typeof each !== 'object' || each === null) return scalar(each);
    if (each instanceof Uint8Array || isPickleValue(each)) return each;
    const known = made.get(each);
    if (known !== undefined) return known;
    const container = emptyFor(each);
    made.set(each, container);
    unfilled.push(() => fill(container, each, convert));
    return container;
  };
  const result = convert(value);
  for (let next = unfilled.pop(); next !== undefined; next = unfilled.pop()) next();
  return result;
}

function scalar(value: unknown): PickleValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : pyFloat(value);
    case 'object':
      return null;
    default:
      throw new TypeError(`A value of the type ${typeof value} has no counterpart in Python.`);
  }
}

function isPickleValue(
  value: object,
): value is Exclude<PickleValue, null | string | number | bigint | boolean> {
  return 'kind' in value && typeof value.kind === 'string' && KINDS.has(value.kind);
}

type Container = Extract<PickleValue, { kind: 'list' | 'set' | 'dict' }>;

function emptyFor(value: object): Container {
  if (Array.isArray(value)) return { kind: 'list', items: [] };
  if (value instanceof Set) return { kind: 'set', items: [] };
  const prototype = Object.getPrototypeOf(value);
  if (value instanceof Map || prototype === null || prototype === Object.prototype)
    return { kind: 'dict', keys: [], values: [] };
  throw new TypeError(
    `A ${value.constructor?.name ?? 'strange object'} has no counterpart in Python. Make a tensor of numbers with pyTensor.`,
  );
}

function fill(container: Container, from: object, convert: (value: unknown) => PickleValue): void {
  if (container.kind === 'dict') {
    const entries: Iterable<[unknown, unknown]> = from instanceof Map ? from : Object.entries(from);
    for (const [key, value] of entries) {
      container.keys.push(convert(key));
      container.values.push(convert(value));
    }
    return;
  }
  for (const item of from as Iterable<unknown>) container.items.push(convert(item));
}

/** A `float`, also where it is a whole number. */
export function pyFloat(value: number): PyFloat {
  return { kind: 'float', value };
}

/** A `tuple`. */
export function pyTuple(...items: readonly unknown[]): PyTuple {
  return tuple(...items.map(pyValue));
}

/** A `dict` with these entries; keys may be anything that Python can look up. */
export function pyDict(entries: Iterable<readonly [unknown, unknown]>): PyDict {
  const [keys, values]: [PickleValue[], PickleValue[]] = [[], []];
  for (const [key, value] of entries) {
    keys.push(pyValue(key));
    values.push(pyValue(value));
  }
  return { kind: 'dict', keys, values };
}

/** An `OrderedDict`, such as a state dict is. */
export function pyOrderedDict(entries: Iterable<readonly [unknown, unknown]>): PyObject {
  return orderedDict(Array.from(entries, ([key, value]) => [pyValue(key), pyValue(value)] as const));
}

/** A class or function by its module and its name. */
export function pyGlobal(module: string, name: string): PyGlobal {
  return global(module, name);
}

/** What a call of a class or function gives. */
export function pyCall(module: string, name: string, ...args: readonly unknown[]): PyObject {
  return object('reduce', module, name, args, []);
}

/** An object of a class with these attributes, made as Python's pickle makes it: without calling `__init__`. */
export function pyObject(module: string, name: string, attributes: unknown = {}): PyObject {
  const state = pyValue(attributes);
  // Without attributes there is nothing to put in: so it is in Python.
  const empty = isKind(state, 'dict') && state.keys.length === 0;
  return object('newobj', module, name, [], empty ? [] : [state]);
}

function object(
  how: PyObject['how'],
  module: string,
  name: string,
  args: readonly unknown[],
  states: PickleValue[],
): PyObject {
  const nothing = { items: [], keys: [], values: [] };
  return { kind: 'object', how, callee: global(module, name), args: pyTuple(...args), states, ...nothing };
}

/** A model as a state dict; tied tensors share their storage. */
export function pyStateDict(model: Model): PyObject {
  return stateDict(model);
}
