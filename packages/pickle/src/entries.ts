import { KeyMaker, type MapKey } from './keys.ts';
import { NONE, type Open } from './none.ts';
import type { PickleValue } from './value.ts';

/** Keys and values side by side, as dicts and objects have them. */
export interface Entries {
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

/** Below this many keys a look at each of them is faster than an index. */
const FEW = 12;

/**
 * Puts entries and items in by Python's rule of equal keys. An index by key is made only for what has grown beyond a
 * few keys, and lives as long as this object, not as long as the values.
 */
export class EntryIndex {
  #made: KeyMaker | undefined;
  readonly #places = new Map<object, Map<MapKey, number>>();

  /** Sets one entry; false where the key cannot be hashed. An equal key stays where and what it is. */
  set(target: Entries, key: PickleValue, value: PickleValue): boolean {
    const { keys, values } = own(target);
    if (typeof key === 'string' && keys.length < FEW) {
      const at = keys.indexOf(key);
      if (at >= 0) {
        values[at] = value;
        return true;
      }
      keys.push(key);
      values.push(value);
      return true;
    }
    const mapKey = this.#maker.of(key);
    if (mapKey === undefined) return false;
    const places = this.#placesOf(target, keys);
    const at = places.get(mapKey);
    if (at !== undefined) {
      values[at] = value;
      return true;
    }
    places.set(mapKey, keys.length);
    keys.push(key);
    values.push(value);
    return true;
  }

  /** Adds one item to a set; false where it cannot be hashed. */
  add(target: object, items: PickleValue[], item: PickleValue): boolean {
    const key = this.#maker.of(item);
    if (key === undefined) return false;
    const places = this.#placesOf(target, items);
    if (!places.has(key)) {
      places.set(key, items.length);
      items.push(item);
    }
    return true;
  }

  /** Most pickles have few keys and no sets: they need none. */
  get #maker(): KeyMaker {
    this.#made ??= new KeyMaker();
    return this.#made;
  }

  /** The index, brought up to what was put in while there were few keys. */
  #placesOf(target: object, keys: readonly PickleValue[]): Map<MapKey, number> {
    let places = this.#places.get(target);
    if (places === undefined) {
      places = new Map();
      this.#places.set(target, places);
    }
    for (let at = places.size; at < keys.length; at++) places.set(this.#maker.of(keys[at]!)!, at);
    return places;
  }
}

/** The lists of a target, made first where it still shares the empty one. */
function own(target: Entries): Entries {
  const open: Open<Entries> = target;
  if (open.keys === NONE) {
    open.keys = [];
    open.values = [];
  }
  return open;
}
