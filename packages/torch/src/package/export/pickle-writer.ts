import type { ByteSource, Limits } from '@torsh/bytes';
import { assemble, isGlobal, isKind, type PickleValue, type PyPersistent, type PyTuple } from '@torsh/pickle';
import { type PyStorage, tuple } from '../../object/call.ts';
import type { PackageImporter } from '../read/importer.ts';

/** A pickle of a package, and what has to be in the package for it to load. */
export interface WrittenPickle {
  readonly bytes: Uint8Array;
  /** The storages that no pickle before had, by their numbers. */
  readonly storages: ReadonlyMap<ByteSource, number>;
  /** Things that were made up for objects of another package, by their names there and their new ones. */
  readonly generated: ReadonlyMap<string, string>;
}

/** How one pickle is written. */
export interface WritePickleOptions {
  readonly protocol: 3 | 4;
  /** The package that the value was read from. */
  readonly from: PackageImporter | undefined;
  /** Gives a name that nothing in this package has. */
  rename(name: string): string;
}

/** Writes the pickles of one package, whose storages are numbered as they are met and shared by all. */
export interface PickleWriter {
  write(value: PickleValue, options: WritePickleOptions): WrittenPickle;
  /** Says that the storages of a pickle are in the package now: later ones share them. */
  keep(written: WrittenPickle): void;
}

export function pickleWriter(limits: Limits): PickleWriter {
  const numbers = new Map<ByteSource, number>();
  // A record of another package is one storage, however often it is asked for.
  const recordsOf = new Map<PackageImporter, Map<string, ByteSource>>();

  const bytesOf = (
    value: PyStorage,
    key: PickleValue | undefined,
    from: PackageImporter | undefined,
  ): ByteSource => {
    if (value.bytes !== undefined) return value.bytes;
    if (from === undefined) {
      throw new TypeError(
        'The value has a tensor of another file. Say which package it was read from (option `from`), or make the tensor with pyTensor.',
      );
    }
    const known = recordsOf.get(from) ?? new Map<string, ByteSource>();
    recordsOf.set(from, known);
    const name = `.data/${key}.storage`;
    const record = known.get(name) ?? from.record(name);
    if (record === undefined) {
      throw new TypeError(
        `The value has a tensor whose storage is not in ${from.name}: it was not read from there, or lay inside of the pickle itself.`,
      );
    }
    known.set(name, record);
    return record;
  };

  return {
    write(value, { protocol, from, rename }) {
      const storages = new Map<ByteSource, number>();
      const generated = new Map<string, string>();
      const reduced = new Map<PyPersistent, PickleValue>();
      const persistentId = (persistent: PyPersistent): PickleValue => {
        const items = isKind(persistent.id, 'tuple') ? persistent.id.items : [];
        const [word, type = null, key, location = null, numel = null] = items;
        if (word === 'storage') {
          const source = bytesOf(persistent, key, from);
          const known = numbers.get(source) ?? storages.get(source);
          const number = known ?? numbers.size + storages.size;
          if (known === undefined) storages.set(source, number);
          return tuple(word, type, number, location, numel);
        }
        if (word !== 'reduce_package')
          throw new TypeError('The value has a persistent id that torch.package does not know.');
        const id = reduced.get(persistent) ?? reducedId(items, generated, rename, from);
        reduced.set(persistent, id);
        return id;
      };
      return {
        bytes: assemble(value, { protocol, limits, persistentId, dottedNames: false }),
        storages,
        generated,
      };
    },
    keep({ storages }) {
      for (const [source, number] of storages) numbers.set(source, number);
    },
  };
}

/**
 * An object that a function makes of these arguments. What its exporter had made up for it, such as the code of a traced
 * module, is known by its name, which ends in the number that the exporter gave: here it gets a new one.
 */
function reducedId(
  items: readonly PickleValue[],
  generated: Map<string, string>,
  rename: (name: string) => string,
  from: PackageImporter | undefined,
): PyTuple {
  const [callee, args] = items.slice(-2);
  if (isGlobal(callee, 'torch.jit._script', 'unpackage_script_module')) {
    throw new TypeError(
      'The value has a TorchScript module. torch writes such into a package only when a switch is set, and the exporter does not.',
    );
  }
  const renamed = (item: PickleValue): PickleValue => {
    if (typeof item !== 'string' || !/\._\d+$/.test(item) || !isInside(item, from)) return item;
    const name = generated.get(item) ?? rename(item);
    generated.set(item, name);
    return name;
  };
  const given = isKind(args, 'tuple') ? tuple(...args.items.map(renamed)) : args;
  return tuple(...items.slice(0, -1), given ?? null);
}

function isInside(name: string, from: PackageImporter | undefined): boolean {
  return from?.modules.has(name) === true;
}
