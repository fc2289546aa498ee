import type { Limits } from '@torsh/bytes';
import { assemble, isKind, type PickleValue } from '@torsh/pickle';
import type { StorageFile } from './data/storage-bytes.ts';
import { tuple } from './object/call.ts';
import type { Prepared } from './prepare-object.ts';

/** A pickle, and the storages that it names, in the order in which it does first. */
export interface Pickled {
  readonly bytes: Uint8Array;
  readonly storages: readonly StorageFile[];
}

/** The key that a storage gets, by its number among those of the pickle. */
export type StorageKey = (number: number, ownText: (text: string) => PickleValue) => PickleValue;

const asText: StorageKey = (number, ownText) => ownText(String(number));

/** Pickles an object as torch.save does: storages are numbered as they are met. */
export function pickleObject(
  { value, protocol, storages }: Pick<Prepared, 'value' | 'protocol' | 'storages'>,
  limits: Limits,
  keyOf: StorageKey = asText,
): Pickled {
  const numbers = new Map<PickleValue, PickleValue>();
  const named: StorageFile[] = [];
  const bytes = assemble(value, {
    protocol,
    limits,
    persistentId({ id }, ownText) {
      const [word, type, key, location, numel] = isKind(id, 'tuple') ? id.items : [];
      let number = numbers.get(key!);
      if (number === undefined) {
        number = keyOf(named.length, ownText);
        numbers.set(key!, number);
        named.push(storages.get(key as string) ?? { size: 0, sources: [] });
      }
      return tuple(word!, type!, number, location!, numel!);
    },
  });
  return { bytes, storages: named };
}
