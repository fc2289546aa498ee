import type { Entries } from './entries.ts';
import { newName } from './names.ts';
import { encodeLatin1 } from './utf8.ts';
import type {
  PickleValue,
  PyByteArray,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyList,
  PyObject,
  PySet,
  PyTuple,
} from './value.ts';

// Older protocols have no opcode for some plain values and call a function instead. These functions know the calls
// that Python itself writes, and nothing else: a call with anything more or less stays a call.

type Kind = Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>['kind'];

/** True for a value of that kind. */
export function isKind<K extends Kind>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && value.kind === kind;
}

/** True for that class or function, under its Python 3 name or its Python 2 name. */
export function isGlobal(value: PickleValue | undefined, module: string, name: string): value is PyGlobal {
  if (!isKind(value, 'global') || value.states !== undefined || value.operands !== undefined) return false;
  if (value.module === module && value.name === name) return true;
  const [nowModule, nowName] = newName(value.module, value.name);
  return nowModule === module && nowName === name;
}

/** The arguments of a REDUCE of that function into which nothing was put afterwards. */
function callArguments(value: PickleValue, module: string, name: string): readonly PickleValue[] | undefined {
  if (!isKind(value, 'object') || !isBare(value) || value.keys.length > 0 || value.states.length > 0)
    return undefined;
  return value.how === 'reduce' && isGlobal(value.callee, module, name) && isKind(value.args, 'tuple')
    ? value.args.items
    : undefined;
}

function isBare(value: PyObject): boolean {
  return value.items.length === 0 && value.kwargs === undefined;
}

/** `bytes`: as such, as `_codecs.encode(text, 'latin1')`, or as an empty call of `bytes`. */
export function asBytes(value: PickleValue): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const encoded = callArguments(value, '_codecs', 'encode');
  if (encoded !== undefined) {
    const [text, codec] = encoded;
    const known = encoded.length === 2 && (codec === 'latin1' || codec === 'latin-1');
    return known && typeof text === 'string' ? encodeLatin1(text) : undefined;
  }
  return callArguments(value, 'builtins', 'bytes')?.length === 0 ? new Uint8Array(0) : undefined;
}

/** A `bytearray`: as such, or as a call of `bytearray` with nothing, with bytes, or with text and `latin-1`. */
export function asByteArray(value: PickleValue): PyByteArray | undefined {
  if (isKind(value, 'bytearray')) return value;
  const args = callArguments(value, 'builtins', 'bytearray');
  if (args === undefined) return undefined;
  if (args.length === 0) return { kind: 'bytearray', bytes: new Uint8Array(0) };
  const [content, codec] = args;
  if (args.length === 2 && (codec === 'latin-1' || codec === 'latin1') && typeof content === 'string') {
    // Python 2's spelling.
    const bytes = encodeLatin1(content);
    return bytes === undefined ? undefined : { kind: 'bytearray', bytes };
  }
  const bytes = args.length === 1 ? asBytes(content!) : undefined;
  return bytes === undefined ? undefined : { kind: 'bytearray', bytes };
}

/** A `set` or a `frozenset`: as such, or as a call with one list. */
export function asSet(value: PickleValue): PySet | PyFrozenSet | undefined {
  if (isKind(value, 'set') || isKind(value, 'frozenset')) return value;
  if (!isKind(value, 'object')) return undefined;
  for (const kind of ['set', 'frozenset'] as const) {
    const args = callArguments(value, 'builtins', kind);
    if (args?.length === 1 && isKind(args[0], 'list')) return { kind, items: args[0].items };
  }
  return undefined;
}

/** The real and the imaginary part of a `complex`. */
export function asComplex(value: PickleValue): readonly [real: PyFloat, imaginary: PyFloat] | undefined {
  const args = callArguments(value, 'builtins', 'complex');
  if (args?.length !== 2) return undefined;
  const [real, imaginary] = args;
  return isKind(real, 'float') && isKind(imaginary, 'float') ? [real, imaginary] : undefined;
}

/** A `collections.OrderedDict`, with the state that torch keeps its `_metadata` in. */
export interface OrderedDict extends Entries {
  readonly state?: PickleValue;
}

/** An `OrderedDict`: empty and filled by SETITEMS, as Python 3 writes it, or called with its pairs, as Python 2 does. */
export function asOrderedDict(value: PickleValue): OrderedDict | undefined {
  if (!isKind(value, 'object') || !isBare(value) || value.states.length > 1) return undefined;
  if (value.how !== 'reduce' || !isGlobal(value.callee, 'collections', 'OrderedDict')) return undefined;
  if (!isKind(value.args, 'tuple')) return undefined;
  const state = value.states.length === 1 ? { state: value.states[0]! } : {};
  const args = value.args.items;
  if (args.length === 0) return { keys: value.keys, values: value.values, ...state };
  const pairs = args[0];
  if (args.length !== 1 || !isKind(pairs, 'list') || value.keys.length > 0) return undefined;
  const keys: PickleValue[] = [];
  const values: PickleValue[] = [];
  const seen = new Set<PickleValue>();
  for (const pair of pairs.items) {
    if (!isPair(pair)) return undefined;
    const [key, item] = pair.items as [PickleValue, PickleValue];
    // Only keys that are plainly different: Python 2 writes each key once.
    if ((typeof key !== 'string' && typeof key !== 'number') || seen.has(key)) return undefined;
    seen.add(key);
    keys.push(key);
    values.push(item);
  }
  return { keys, values, ...state };
}

function isPair(value: PickleValue): value is PyList | PyTuple {
  return (isKind(value, 'list') || isKind(value, 'tuple')) && value.items.length === 2;
}

/** Keys and values of a `dict` or an `OrderedDict`. */
export function dictEntries(value: PickleValue): Entries | undefined {
  return isKind(value, 'dict') ? value : asOrderedDict(value);
}

/** The entries of a `dict` or an `OrderedDict` whose keys are all text. */
export function textEntries(value: PickleValue): ReadonlyMap<string, PickleValue> | undefined {
  const entries = dictEntries(value);
  if (entries === undefined) return undefined;
  const map = new Map<string, PickleValue>();
  for (const [at, key] of entries.keys.entries()) {
    if (typeof key !== 'string') return undefined;
    map.set(key, entries.values[at]!);
  }
  return map;
}

/** The plain value where an older protocol spells one as a call; the value itself anywhere else. */
export function asPlain(value: PickleValue): PickleValue {
  if (!isKind(value, 'object')) return value;
  return asBytes(value) ?? asByteArray(value) ?? asSet(value) ?? value;
}
