import { type Cursor, cursor, isTorshError, type Limits, TorshError } from '@torsh/bytes';
import {
  type InterpretOptions,
  interpret,
  isKind,
  type Pickle,
  type PickleValue,
  type PyPersistent,
  type PyTuple,
} from '@torsh/pickle';
import { integer, itemsOf } from './arguments.ts';
import { malformed } from './errors.ts';
import { keyOf } from './persistent.ts';
import { storageType } from './storage-types.ts';

/** Bytes of storages by key. */
export type NestedStorages = Map<string, Uint8Array>;

/** A whole file of the old torch.save that lies within other bytes. */
export interface NestedFile {
  readonly value: PickleValue;
  readonly pickles: readonly Pickle[];
}

/** What is lent to the reading of one. */
export interface Nesting {
  /** What its storage keys begin with in the object around it. */
  readonly prefix: string;
  readonly storages: NestedStorages;
  readonly called: NonNullable<InterpretOptions['called']>;
}

/** The first pickle of such a file is this number, the second the version. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/** A storage that a persistent id of the file speaks of. */
interface Told {
  readonly persistent: PyPersistent;
  readonly type: PickleValue;
  readonly numel: number;
  readonly itemBytes: number;
}

/** A storage that is a stretch of another one: files of torch 0.3 and before have them. */
interface Stretch {
  readonly key: string;
  readonly root: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a file of the old torch.save from `start` to the end of `bytes`: magic number, version, system, object, keys, and
 * behind them the storages. `undefined` where it does not begin like one.
 */
export function readNestedFile(
  bytes: Uint8Array,
  start: number,
  limits: Limits,
  { prefix, storages, called }: Nesting,
): NestedFile | undefined {
  if (!beginsLikeOne(bytes, start, limits)) return undefined;
  let at = start;
  const next = (options: InterpretOptions = {}): Pickle => {
    const pickle = interpret(bytes, limits, { ...options, offset: at });
    at = pickle.end;
    return pickle;
  };
  const [magic, version, system] = [next(), next(), next()];
  if (version.value !== VERSION)
    throw malformed('A file of torch.save within the pickle has no known version.');
  const told = new Map<string, Told>();
  const stretches: Stretch[] = [];
  const object = next({ called, resolve: (id) => persistentOf(id, prefix, told, stretches) });
  const keys = next();
  const from = cursor(bytes.subarray(at), at);
  for (const item of itemsOf(keys.value, 'The keys of the storages')) {
    const key = keyOf(item);
    storages.set(prefix + key, storageFrom(from, told.get(key), key));
  }
  for (const { key, root, start: first, end } of stretches) {
    const whole = storages.get(prefix + root);
    if (whole === undefined || first < 0 || end > whole.length)
      throw malformed(`The storage ${key} is not within the storage ${root}.`);
    storages.set(key, whole.subarray(first, end));
  }
  for (const key of told.keys())
    if (!storages.has(prefix + key)) throw malformed(`The storage ${key} is missing in the nested file.`);
  if (from.remaining > 0)
    throw malformed(`${from.remaining} bytes follow the last storage of the nested file; torch writes none.`);
  return { value: object.value, pickles: [magic, version, system, object, keys] };
}

/** Other protocols than 2 spell the number in other ways, so it is read, from few bytes. */
function beginsLikeOne(bytes: Uint8Array, start: number, limits: Limits): boolean {
  try {
    return interpret(bytes.subarray(0, start + 64), limits, { offset: start }).value === MAGIC;
  } catch (error) {
    if (isTorshError(error)) return false;
    throw error;
  }
}

/** `("storage", class, key, location, numel, None or (key of a part, offset, numel))`, or a class with its source. */
function persistentOf(
  id: PickleValue,
  prefix: string,
  told: Map<string, Told>,
  stretches: Stretch[],
): PickleValue | undefined {
  if (!isKind(id, 'tuple')) return undefined;
  const [tag, type, keyItem, location, numelItem, part = null] = id.items;
  if (tag === 'module') return type;
  if (tag !== 'storage' || !isKind(type, 'global')) return undefined;
  const key = keyOf(keyItem);
  const numel = integer(numelItem, 'The length of a storage');
  const itemBytes = storageType(type.name)?.itemBytes;
  if (itemBytes === undefined) return undefined;
  const make = (name: string, count: number): PyPersistent => {
    const items = [tag, type, prefix + name, location ?? null, count];
    return { kind: 'persistent', id: { kind: 'tuple', items } satisfies PyTuple };
  };
  const known = told.get(key) ?? { persistent: make(key, numel), type, numel, itemBytes };
  told.set(key, known);
  if (part === null) {
    if (known.itemBytes === itemBytes && known.numel === numel) return known.persistent;
    throw malformed(`The storage ${key} of the nested file is asked for with two lengths.`);
  }
  const [name, offset, count] = itemsOf(part, 'A part of a storage', 3);
  const length = integer(count, 'The length of a part');
  const start = integer(offset, 'The offset of a part') * known.itemBytes;
  const own = `${key}/${keyOf(name)}`;
  stretches.push({ key: prefix + own, root: key, start, end: start + length * known.itemBytes });
  return make(own, length);
}

/** A count of elements, and the elements. */
function storageFrom(from: Cursor, told: Told | undefined, key: string): Uint8Array {
  const offset = from.position;
  if (told === undefined)
    throw new TorshError('malformed', `Nothing says of which type the storage ${key} is.`, { offset });
  const count = from.u64();
  if (count === told.numel) return from.bytes(count * told.itemBytes);
  throw new TorshError(
    'malformed',
    `The storage ${key} has ${count} elements, but its object speaks of ${told.numel}.`,
    { offset },
  );
}
