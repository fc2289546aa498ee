import { isKind, type PickleValue } from '@torsh/pickle';
import { storageType } from '../object/storage-types.ts';

/** The storages that pickles name by their persistent ids: key → bytes of an element, where the class is known. */
export interface StorageIds {
  readonly itemBytes: ReadonlyMap<string, number | undefined>;
  /** How many persistent ids spoke of something else. */
  readonly others: number;
  /** For `scan`: takes note of an id and leaves it as it is. */
  resolve(id: PickleValue): undefined;
}

export function storageIds(): StorageIds {
  const itemBytes = new Map<string, number | undefined>();
  let others = 0;
  return {
    itemBytes,
    get others() {
      return others;
    },
    resolve(id) {
      // What torch.package would call to make an object is named like any other function.
      if (isKind(id, 'tuple') && id.items[0] === 'reduce_package' && isKind(id.items.at(-2), 'global'))
        return undefined;
      if (!isKind(id, 'tuple') || keyText(id.items[0]) !== 'storage') {
        others++;
        return undefined;
      }
      const [, type, key] = id.items;
      const text = keyText(key);
      // Where a key is named twice, the first type counts, as it does for torch.
      if (text !== undefined && !itemBytes.has(text))
        itemBytes.set(text, isKind(type, 'global') ? storageType(type.name)?.itemBytes : undefined);
      return undefined;
    },
  };
}

/** A storage key as text; the writers of different times had texts, bytes and numbers. */
export function keyText(key: PickleValue | undefined): string | undefined {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  return undefined;
}
