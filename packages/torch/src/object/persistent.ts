import { isKind, type PickleValue, type PyPersistent } from '@torsh/pickle';
import { integer, itemsOf } from './arguments.ts';
import { malformed } from './errors.ts';
import type { Reading } from './reading.ts';
import { storageType } from './storage-types.ts';
import type { Storage } from './view.ts';
import { wellFormed } from './well-formed.ts';

/**
 * A storage from its persistent id `("storage", class, key, location, numel)`. Older files have a sixth item: `None`, or
 * `(key, offset, numel)` for a stretch of that storage, which has a key of its own.
 */
export function storageOf({ id }: PyPersistent, { record, embedded }: Reading): Storage {
  if (!isKind(id, 'tuple') || id.items[0] !== 'storage') {
    throw malformed('A persistent id does not speak of a storage; torch.save writes no other kind.');
  }
  const [, type, key, location, numel, stretch] = id.items;
  if (!isKind(type, 'global')) throw malformed('A storage is of a class that has no name.');
  const found = storageType(type.name);
  if (found === undefined)
    throw malformed(`A storage is of the class ${type.module}.${type.name}, which torsh does not know.`);
  const text = keyOf(key);
  const bytes = embedded?.get(text);
  const root: Storage = {
    key: text,
    record: record(text),
    className: type.name,
    type: found,
    location: typeof location === 'string' ? wellFormed(location) : 'cpu',
    numel: integer(numel, 'The length of a storage'),
  };
  const whole = bytes === undefined ? root : { ...root, bytes };
  return stretch === undefined || stretch === null ? whole : stretchOf(whole, stretch, record);
}

function stretchOf(root: Storage, said: PickleValue, record: Reading['record']): Storage {
  const [key, from, length] = itemsOf(said, 'A storage that is a stretch of another', 3);
  const text = keyOf(key);
  const offset = integer(from, 'The offset of a storage in another');
  const numel = integer(length, 'The length of a storage');
  if (offset < 0 || numel < 0 || offset + numel > root.numel) {
    throw malformed(
      `The storage ${text} is the elements ${offset} to ${offset + numel} of the storage ${root.key}, which has ${root.numel}.`,
      root.record,
    );
  }
  return { ...root, key: text, record: record(text), numel, within: { root, offset } };
}

/** The key of a storage as text: torch.save writes keys as text, torch.package as numbers. */
export function keyOf(key: PickleValue | undefined): string {
  if (typeof key === 'string') return wellFormed(key);
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  throw malformed('A storage has a key that is neither a text nor a number.');
}
