import type { Limits } from '@torsh/bytes';
import { isKind, type PickleValue, type PyObject, type PyPersistent } from '@torsh/pickle';
import { storageType } from './storage-types.ts';

type Put = (view: DataView, at: number, value: number | bigint) => void;

/** How a number of a storage class is written. */
const writers: Readonly<Record<string, Put>> = {
  DoubleStorage: (view, at, value) => view.setFloat64(at, Number(value), true),
  FloatStorage: (view, at, value) => view.setFloat32(at, Number(value), true),
  LongStorage: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  IntStorage: (view, at, value) => view.setInt32(at, Number(value), true),
  ShortStorage: (view, at, value) => view.setInt16(at, Number(value), true),
  CharStorage: (view, at, value) => view.setInt8(at, Number(value)),
  ByteStorage: (view, at, value) => view.setUint8(at, Number(value)),
};

/** A storage that torch 0.1 pickled as a call of its class with a list of numbers; `undefined` for anything else. */
export function listedStorage(
  { callee, args }: PyObject,
  key: string,
  storages: Map<string, Uint8Array>,
  { pickleBytes }: Limits,
): PyPersistent | undefined {
  if (!isKind(callee, 'global') || !/^torch(\.cuda)?$/.test(callee.module)) return undefined;
  const put = Object.hasOwn(writers, callee.name) ? writers[callee.name] : undefined;
  const type = storageType(callee.name);
  const list = isKind(args, 'tuple') && args.items.length === 1 ? args.items[0] : undefined;
  if (put === undefined || type === undefined || !isKind(list, 'list')) return undefined;
  // A list is in the pickle once, and can be called upon many times.
  let held = list.items.length * type.itemBytes;
  for (const { length } of storages.values()) held += length;
  if (held > pickleBytes) return undefined;
  const bytes = new Uint8Array(list.items.length * type.itemBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, item] of list.items.entries()) {
    const number = numberOf(item, callee.name);
    if (number === undefined) return undefined;
    put(view, index * type.itemBytes, number);
  }
  storages.set(key, bytes);
  const location = callee.module === 'torch' ? 'cpu' : 'cuda';
  const items = ['storage', callee, key, location, list.items.length];
  return { kind: 'persistent', id: { kind: 'tuple', items } };
}

/** Floats for the classes of floats, whole numbers for the others: nothing is rounded that torch would have refused. */
function numberOf(item: PickleValue, className: string): number | bigint | undefined {
  const floats = className === 'DoubleStorage' || className === 'FloatStorage';
  if (isKind(item, 'float')) return floats ? item.value : undefined;
  return typeof item === 'number' || typeof item === 'bigint' ? item : undefined;
}
