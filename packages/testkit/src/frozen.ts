import type { Archive } from '@torsh/core';

/** A map that throws where someone changes it. */
class FrozenMap<K, V> extends Map<K, V> {
  #frozen = false;

  constructor(entries: Iterable<readonly [K, V]>) {
    super(entries);
    this.#frozen = true;
  }
  override set(key: K, value: V): this {
    // The constructor of Map fills itself through this method, before there is a field to ask.
    if (#frozen in this && this.#frozen) throw new TypeError('a lent map was changed');
    return super.set(key, value);
  }
  override delete(): boolean {
    throw new TypeError('a lent map was changed');
  }
  override clear(): void {
    throw new TypeError('a lent map was changed');
  }
}

/** The same archive, where every change to its objects, maps and lists throws. */
export function frozen(whole: Archive): Archive {
  return freeze({
    ...whole,
    models: new FrozenMap(
      [...whole.models].map(([key, each]) => [
        key,
        freeze({
          ...each,
          tensors: new FrozenMap(
            [...each.tensors].map(([name, tensor]) => [
              name,
              Object.freeze({ ...tensor, shape: Object.freeze([...tensor.shape]) }),
            ]),
          ),
          aliases: new FrozenMap(each.aliases),
          metadata: Object.freeze({ ...each.metadata }),
        }),
      ]),
    ),
    resources: new FrozenMap([...whole.resources].map(([key, each]) => [key, Object.freeze({ ...each })])),
    metadata: freezeDeep(structuredClone(whole.metadata)),
  });
}

function freeze<T>(value: T): T {
  return Object.freeze(value);
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) freezeDeep(each);
    Object.freeze(value);
  }
  return value;
}
