import type { ByteSource } from '@torsh/bytes';
import type { PickleValue, PyFloat, PyGlobal, PyObject, PyPersistent, PyTuple } from '@torsh/pickle';
import { UNTYPED } from './storage-types.ts';

/** The values of which a pickle of tensors is made. */

/** A class or function. */
export function global(module: string, name: string): PyGlobal {
  return { kind: 'global', module, name };
}

/** A tuple of these items. */
export function tuple(...items: readonly PickleValue[]): PyTuple {
  return { kind: 'tuple', items };
}

/** A float, also where it is a whole number. */
export function float(value: number): PyFloat {
  return { kind: 'float', value };
}

/** A call of a function, with nothing put into its result. */
export function call(callee: PyGlobal, args: PyTuple): PyObject {
  return { kind: 'object', how: 'reduce', callee, args, states: [], items: [], keys: [], values: [] };
}

/** An `OrderedDict`, empty where nothing is given. */
export function orderedDict(entries: Iterable<readonly [PickleValue, PickleValue]> = []): PyObject {
  const made = call(global('collections', 'OrderedDict'), tuple());
  for (const [key, value] of entries) {
    made.keys.push(key);
    made.values.push(value);
  }
  return made;
}

/** A storage as a persistent id speaks of it; `numel` is in elements of its class. */
export interface StorageId {
  readonly key: string;
  readonly className: string;
  readonly location: string;
  readonly numel: number;
  /** Its bytes, for a writer that numbers storages by them. */
  readonly bytes?: ByteSource;
}

/** A storage that brings its bytes along. */
export interface PyStorage extends PyPersistent {
  readonly bytes?: ByteSource;
}

/** A storage; torch makes the id anew wherever it names one. */
export function storageValue({ key, className, location, numel, bytes }: StorageId): PyStorage {
  const type = global(className === UNTYPED ? 'torch.storage' : 'torch', className);
  const id = tuple('storage', type, key, location, numel);
  return bytes === undefined ? { kind: 'persistent', id } : { kind: 'persistent', id, bytes };
}
