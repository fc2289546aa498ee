import { isKind, type PickleValue, type PyPersistent } from '@torsh/pickle';
import { integer } from './arguments.ts';
import { malformed } from './errors.ts';
import type { Reading } from './reading.ts';
import { storageType } from './storage-types.ts';
import type { Storage } from './view.ts';
import { wellFormed } from './well-formed.ts';

/** A storage from its persistent id `("storage", class, key, location, numel)`: the only kind that torch.save writes. */
export function storageOf({ id }: PyPersistent, { record }: Reading): Storage {
  if (!isKind(id, 'tuple') || id.items[0] !== 'storage') {
    throw malformed('A persistent id does not speak of a storage; torch.save writes no other kind.');
  }
  const [, type, key, location, numel] = id.items;
  if (!isKind(type, 'global')) throw malformed('A storage is of a class that has no name.');
  const found = storageType(type.name);
  if (found === undefined)
    throw malformed(`A storage is of the class ${type.module}.${type.name}, which torsh does not know.`);
  const text = keyOf(key);
  return {
    key: text,
    record: record(text),
    className: type.name,
    type: found,
    location: typeof location === 'string' ? wellFormed(location) : 'cpu',
    numel: integer(numel, 'The length of a storage'),
  };
}

/** torch.save writes keys as text, torch.package as numbers. */
function keyOf(key: PickleValue | undefined): string {
  if (typeof key === 'string') return wellFormed(key);
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  throw malformed('A storage has a key that is neither a text nor a number.');
}
