import { isKind, type PickleValue, type PyObject, type PyPersistent, type PyTuple } from '@torsh/pickle';
import { call, tuple } from '../../object/call.ts';
import { malformed } from '../../object/errors.ts';

/**
 * An object that its class has saved in a way of its own (`__reduce_package__`): the function that torch would call with the
 * importer and these arguments. It is not called here.
 */
export interface ReducedObject {
  /** Where it stands in the pickle: the same value wherever the same object is meant. */
  readonly value: PyPersistent;
  /** The number that the exporter has given it; packages of torch 1.9 have none. */
  readonly id: number | bigint | undefined;
  /** The function, which is a `PyGlobal` in every honest package. */
  readonly callee: PickleValue;
  readonly args: readonly PickleValue[];
}

/** The persistent ids of one pickle of a package. */
export interface PersistentIds {
  /** For `interpret`: refuses ids of which nobody knows what they stand for. */
  resolve(id: PickleValue, offset: number): PickleValue | undefined;
  /** For the walk: the call that a reduced object is. */
  standsFor(value: PyPersistent): PyObject | undefined;
  readonly reduced: readonly ReducedObject[];
}

/** Understands the two kinds of ids that torch.package has: storages, and calls that give an object. */
export function persistentIds(): PersistentIds {
  const reduced: ReducedObject[] = [];
  const calls = new WeakMap<PyPersistent, PyObject>();
  const shared = new Map<number | bigint, PyPersistent>();

  const reduction = (items: readonly PickleValue[]): PyPersistent => {
    const [callee, args] = items.slice(-2);
    const id = items.length === 4 ? items[1] : undefined;
    if (items.length < 3 || items.length > 4 || callee === undefined || !isKind(args, 'tuple'))
      throw malformed('A persistent id "reduce_package" is not a function and its arguments.');
    if (id !== undefined && typeof id !== 'number' && typeof id !== 'bigint')
      throw malformed('A persistent id "reduce_package" has an id that is not a number.');
    const known = id === undefined ? undefined : shared.get(id);
    if (known !== undefined) return known;
    const value: PyPersistent = { kind: 'persistent', id: tuple(...items) };
    if (id !== undefined) shared.set(id, value);
    // What is called may be anything in a hostile file; the walk looks at names only.
    calls.set(value, { ...call(NOBODY, args), callee });
    reduced.push({ value, id, callee, args: args.items });
    return value;
  };

  return {
    reduced,
    standsFor: (value) => calls.get(value),
    resolve(id) {
      const items = isKind(id, 'tuple') ? id.items : [];
      const word = asciiOf(items[0]);
      if (word === 'reduce_package') return reduction(items);
      if (word === 'storage') return { kind: 'persistent', id: storageId(items) };
      // torch itself makes None of such an id and goes on.
      throw malformed(
        'A persistent id is neither of a storage nor of a reduced object; torch.package has no others.',
      );
    },
  };
}

const NOBODY = { kind: 'global', module: '', name: '' } as const;

/** The items of a storage's id, texts as texts: pickles that have passed through Python 2 have bytes in their place. */
function storageId([, type, key, location, ...rest]: readonly PickleValue[]): PyTuple {
  return tuple('storage', type ?? null, key ?? null, asciiOf(location) ?? location ?? null, ...rest);
}

function asciiOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length < 64 ? String.fromCharCode(...value) : undefined;
}
