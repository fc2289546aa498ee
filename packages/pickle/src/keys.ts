import { decodeLatin1 } from './utf8.ts';
import type { PickleValue, PyFrozenSet, PyTuple } from './value.ts';

/** A value as a key of a JavaScript `Map`: two are the same key exactly where Python holds the values equal. */
export type MapKey = string | number | bigint | object | null;

/**
 * Makes map keys. Python holds 1, 1.0 and True equal, compares text with text and bytes with bytes, and tuples item by
 * item. Equal tuples get one token each, found by the numbers of their items' keys and kept by tuple, so that tuples
 * of tuples of the same tuples take linear time. Objects are their own key: only Python knows whether they are equal.
 */
export class KeyMaker {
  readonly #numbers = new Map<MapKey, number>();
  readonly #tokens = new Map<string, object>();
  readonly #known = new Map<object, MapKey>();

  /** The key of a value; `undefined` for one that Python cannot hash (a list, a dict, a set, a bytearray). */
  of(value: PickleValue): MapKey | undefined {
    const key = this.#simple(value);
    if (key !== undefined) return key;
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
    return value.kind === 'tuple' || value.kind === 'frozenset' ? this.#nested(value) : undefined;
  }

  /** The key where it needs no look at other values. */
  #simple(value: PickleValue): MapKey | undefined {
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'bigint':
        return value;
      case 'boolean':
        return value ? 1 : 0;
    }
    if (value === null) return null;
    if (value instanceof Uint8Array) return this.#token('b', value, () => decodeLatin1(value));
    switch (value.kind) {
      case 'float':
        return floatKey(value.value) ?? value;
      case 'str8':
        return this.#token('s', value, () => decodeLatin1(value.bytes));
      case 'extension':
        return this.#token('e', value, () => String(value.code));
      case 'tuple':
      case 'frozenset':
        return this.#known.get(value);
      case 'global':
      case 'object':
      case 'persistent':
        return value;
      default:
        return undefined;
    }
  }

  /** Inner tuples before outer ones, without recursion. */
  #nested(outermost: PyTuple | PyFrozenSet): MapKey | undefined {
    const open: { readonly value: PyTuple | PyFrozenSet; at: number; readonly numbers: number[] }[] = [];
    const opened = new Set<object>();
    const enter = (value: PyTuple | PyFrozenSet): boolean => {
      if (opened.has(value)) return false;
      opened.add(value);
      open.push({ value, at: 0, numbers: [] });
      return true;
    };
    enter(outermost);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (top.at === top.value.items.length) {
        const { value, numbers } = top;
        const set = value.kind === 'frozenset';
        const ordered = set ? [...new Set(numbers)].sort((a, b) => a - b) : numbers;
        this.#known.set(value, this.#tokenOf(`${set ? 'f' : 't'}${ordered.join(',')}`));
        open.pop();
        continue;
      }
      const item = top.value.items[top.at]!;
      const key = this.#simple(item);
      if (key !== undefined) {
        top.numbers.push(this.#number(key));
        top.at++;
        continue;
      }
      const nested = item as { readonly kind?: string };
      if (nested.kind !== 'tuple' && nested.kind !== 'frozenset') return undefined;
      // A tuple inside itself has no key: Python cannot build one that it could hash.
      if (!enter(item as PyTuple | PyFrozenSet)) return undefined;
    }
    return this.#known.get(outermost);
  }

  #number(key: MapKey): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const next = this.#numbers.size;
    this.#numbers.set(key, next);
    return next;
  }

  #token(kind: string, value: object, content: () => string): MapKey {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const token = this.#tokenOf(kind + content());
    this.#known.set(value, token);
    return token;
  }

  #tokenOf(name: string): object {
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    const token = {};
    this.#tokens.set(name, token);
    return token;
  }
}

/** Whole floats are the same key as the `int`; NaN equals nothing, so it has no key of its own. */
function floatKey(value: number): MapKey | undefined {
  if (Number.isNaN(value)) return undefined;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return BigInt(value);
  return value;
}
