import { type ByteSource, expecting, fromBytes, slice, TorshError } from '@torsh/bytes';
import { isKind, type PickleValue, type PyPersistent } from '@torsh/pickle';
import { itemsOf } from '../object/arguments.ts';
import { malformed } from '../object/errors.ts';
import { keyOf } from '../object/persistent.ts';
import { storageType } from '../object/storage-types.ts';
import type { Part } from './part.ts';

/** The storages of a tar: what each key stands for, and where the bytes lie, by their places as errors name them. */
export interface TarStorages {
  readonly ids: ReadonlyMap<string, PyPersistent>;
  readonly windows: ReadonlyMap<string, ByteSource>;
  /** A storage without elements, for a tensor that has none. */
  empty(key: string, className: string): PyPersistent;
}

/** What a storage says of itself in a persistent id, without its key: class, location, number of elements. */
type Root = readonly [type: PickleValue, location: PickleValue, numel: number];

/**
 * How many storages there are; then for each who it is, how many elements it has, and the elements; then which keys are
 * stretches of which storages. The first prototypes had no such list, and did not say where a storage had been.
 */
export async function readStorages(part: Part, record: (key: string) => string): Promise<TarStorages> {
  const { reader, source, path } = part;
  const ids = new Map<string, PyPersistent>();
  const windows = new Map<string, ByteSource>();
  const roots = new Map<string, Root>();
  const give = (
    key: string,
    [type, location, numel]: Root,
    stretch?: PickleValue,
    root = key,
  ): PyPersistent => {
    if (ids.has(key)) throw malformed(`Two storages have the key ${key}.`);
    const said = ['storage', type, root, location, numel];
    const items = stretch === undefined ? said : [...said, stretch];
    const id: PyPersistent = { kind: 'persistent', id: { kind: 'tuple', items } };
    ids.set(key, id);
    return id;
  };

  const total = await part.total('storages');
  for (let index = 0; index < total; index++) {
    const items = await part.tuple(2, 'A storage');
    const [location, type] = items.length === 2 ? ['cpu', items[1]!] : [items[1]!, items[2]!];
    const element = isKind(type, 'global') ? storageType(type.name) : undefined;
    const key = part.check(() => {
      if (element === undefined) throw malformed('A storage is of a class that torsh does not know.');
      return keyOf(items[0]);
    });
    const numel = await reader.count(`The length of the storage ${key}`);
    const bytes = numel * element!.itemBytes;
    const left = source.size - reader.position;
    if (bytes > left) {
      const message = `The storage ${key} has ${bytes} bytes, but the file ends after ${left} of them. It is not complete.`;
      throw new TorshError('truncated', message, { path, offset: reader.position });
    }
    windows.set(record(key), expecting(slice(source, reader.position, bytes), { path: record(key) }));
    reader.skip(bytes);
    roots.set(key, [type, location, numel]);
    part.check(() => give(key, roots.get(key)!));
  }
  if (reader.position < source.size) {
    const { value } = await part.next();
    part.check(() => {
      for (const view of itemsOf(value, 'The list of stretches of storages')) {
        const [target, of, offset, numel] = itemsOf(view, 'A stretch of a storage', 4);
        const [key, rootKey] = [keyOf(target), keyOf(of)];
        const root = roots.get(rootKey);
        if (root === undefined)
          throw malformed(`There is no storage ${rootKey}, of which ${key} is a stretch.`);
        give(key, root, { kind: 'tuple', items: [key, offset!, numel!] }, rootKey);
      }
    });
  }
  return {
    ids,
    windows,
    empty(key, className) {
      windows.set(record(key), fromBytes(new Uint8Array(0)));
      return give(key, [{ kind: 'global', module: 'torch', name: className }, 'cpu', 0]);
    },
  };
}
