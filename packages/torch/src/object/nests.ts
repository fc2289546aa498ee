import { type Limits, TorshError } from '@torsh/bytes';
import { asBytes, isGlobal, isKind, type Pickle, type PickleValue, type PyObject } from '@torsh/pickle';
import { listedStorage } from './listed-storage.ts';
import { type NestedStorages, readNestedFile } from './nested-file.ts';

/** Pickles within a pickle, and what came with them. */
export interface Nests {
  /** For `interpret`: opens what is met. */
  called(call: PyObject, offset: number): PickleValue | undefined;
  /** Every pickle that was read on the way, and where it lies. */
  readonly pickles: readonly { readonly pickle: Pickle; readonly path: string }[];
  /** The bytes of the storages, by the keys that they were given. */
  readonly storages: ReadonlyMap<string, Uint8Array>;
  /** Bytes that were to be opened and are no file of torch.save: they stay what they are. */
  readonly strangers: readonly Stranger[];
}

/** Bytes that are no file of torch.save, from `start` of what lies at `path`; `offset` is where they are to be opened. */
export interface Stranger {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly path: string;
  readonly offset: number;
}

/** Real ones are one level deep: a pickled tensor has its storage as a file of its own. */
const DEEPEST = 8;

/**
 * Opens the files of the old torch.save that stand in a pickle as arguments of `torch.storage._load_from_bytes`, which is
 * how `pickle.dumps` writes tensors, and the storages that torch 0.1 pickled as lists of numbers. A nest becomes the
 * object in it; its storages get keys that no other nest has.
 */
export function nests(whole: Uint8Array, path: string, limits: Limits): Nests {
  const pickles: { pickle: Pickle; path: string }[] = [];
  const storages: NestedStorages = new Map();
  const strangers: Stranger[] = [];
  const opened = new Map<Uint8Array, PickleValue>();
  let count = 0;
  let left = limits.pickleBytes;

  const within = (around: Uint8Array, pathOfAll: string, depth: number) =>
    function called(call: PyObject, offset: number): PickleValue | undefined {
      const listed = listedStorage(call, `list-${count}`, storages, limits);
      if (listed !== undefined) {
        count++;
        return listed;
      }
      const bytes = argumentOf(call);
      if (bytes === undefined) return undefined;
      const known = opened.get(bytes);
      if (known !== undefined) return known;
      left -= bytes.length;
      if (left < 0 || depth > DEEPEST || count >= limits.entries) throw tooMany(offset);
      const start = bytes.byteOffset - around.byteOffset;
      // Bytes that are spelled as text are a file of their own, whose offsets begin anew.
      const inside =
        bytes.buffer === around.buffer && start >= 0 && start + bytes.length <= around.length
          ? { bytes: around.subarray(0, start + bytes.length), start, path: pathOfAll }
          : { bytes, start: 0, path: `${pathOfAll}, the nested file at byte ${offset}` };
      const file = readNestedFile(inside.bytes, inside.start, limits, {
        prefix: `nest-${count++}/`,
        storages,
        called: within(inside.bytes, inside.path, depth + 1),
      });
      if (file === undefined) {
        strangers.push({ bytes, start: inside.start, path: inside.path, offset });
        return undefined;
      }
      for (const pickle of file.pickles) pickles.push({ pickle, path: inside.path });
      opened.set(bytes, file.value);
      return file.value;
    };
  return { called: within(whole, path, 1), pickles, storages, strangers };
}

/** The bytes that `_load_from_bytes` is called with. */
function argumentOf({ callee, args }: PyObject): Uint8Array | undefined {
  if (!isGlobal(callee, 'torch.storage', '_load_from_bytes') || !isKind(args, 'tuple')) return undefined;
  return args.items.length === 1 ? asBytes(args.items[0]!) : undefined;
}

function tooMany(offset: number): TorshError {
  const message = `The pickle has files within files: more of them, or deeper, than any honest one (at most ${DEEPEST} deep; limits pickleBytes and entries).`;
  return new TorshError('limit', message, { offset });
}
