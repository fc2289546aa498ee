import { TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { isKind, type PickleValue, type PyObject } from '@torsh/pickle';
import { malformed } from '../object/errors.ts';
import { keyOf } from '../object/persistent.ts';
import type { Part } from './part.ts';
import type { TarStorages } from './storages.ts';

const REBUILD: PickleValue = { kind: 'global', module: 'torch._utils', name: '_rebuild_tensor' };

/**
 * The tensors of a tar by their keys, each as the call that makes it from its storage, which is how all later files say
 * it. How many there are; then for each who it is, its number of dimensions, sizes, strides and offset.
 */
export async function readTensors(
  part: Part,
  storages: TarStorages,
  { limits }: Context,
): Promise<ReadonlyMap<string, PyObject>> {
  const { reader, path } = part;
  const tensors = new Map<string, PyObject>();
  const total = await part.total('tensors');
  for (let index = 0; index < total; index++) {
    const items = await part.tuple(3, 'A tensor');
    const { key, storage } = part.check(() => whose(items, storages, tensors));
    const at = reader.position;
    const bytes = await reader.bytes(8);
    // The other four bytes mean nothing: whoever wrote them thought of a number of eight.
    const rank = new DataView(bytes.buffer, bytes.byteOffset, 8).getInt32(0, true);
    if (rank < 0 || rank > limits.dimensions) {
      const message = `The tensor ${key} has ${rank} dimensions; at most ${limits.dimensions} are read (limit dimensions).`;
      throw new TorshError(rank < 0 ? 'malformed' : 'limit', message, { path, offset: at });
    }
    const numbers: number[] = [];
    for (let count = 0; count < 2 * rank + 1; count++) {
      numbers.push(await reader.count(`A size, a stride or the offset of the tensor ${key}`));
    }
    const size: PickleValue = { kind: 'tuple', items: numbers.slice(0, rank) };
    const stride: PickleValue = { kind: 'tuple', items: numbers.slice(rank, 2 * rank) };
    tensors.set(key, rebuilt([storage, numbers[2 * rank]!, size, stride]));
  }
  return tensors;
}

/** `(key, storage, class)`; the first prototypes had `(key, class, storage)`. No storage: a tensor without elements. */
function whose(
  [name, second, third]: readonly PickleValue[],
  storages: TarStorages,
  tensors: ReadonlyMap<string, PyObject>,
): { key: string; storage: PickleValue } {
  const key = keyOf(name);
  const [type, on] = isKind(second, 'global') ? [second, third] : [third, second];
  if (!isKind(type, 'global')) throw malformed(`The tensor ${key} is of a class that has no name.`);
  if (tensors.has(key) || storages.ids.has(key))
    throw malformed(`Two tensors or storages have the key ${key}.`);
  if (on === null) return { key, storage: storages.empty(key, type.name.replace(/Tensor$/, 'Storage')) };
  const storage = storages.ids.get(keyOf(on));
  if (storage === undefined) throw malformed(`The tensor ${key} lies on a storage that is not in the file.`);
  return { key, storage };
}

function rebuilt(args: readonly PickleValue[]): PyObject {
  return {
    kind: 'object',
    how: 'reduce',
    callee: REBUILD,
    args: { kind: 'tuple', items: args },
    states: [],
    items: [],
    keys: [],
    values: [],
  };
}
