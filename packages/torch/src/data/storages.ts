import { type ByteSource, fromBytes, TorshError } from '@torsh/bytes';
import type { Storage } from '../object/view.ts';

/** Where the bytes of the storages are. */
export interface Storages {
  /** The bytes of a storage, exactly as many as the object says; each storage is checked once. */
  source(storage: Storage): ByteSource;
}

/** Storages as `find` has them in the file, held to their promised length, and to one type each. */
export function storages(find: (storage: Storage) => ByteSource | undefined): Storages {
  const known = new Map<string, Storage>();
  return {
    source(storage) {
      if (storage.bytes !== undefined) return fromBytes(storage.bytes);
      const { className, numel } = known.get(storage.record) ?? storage;
      if (className === storage.className && numel === storage.numel) {
        known.set(storage.record, storage);
        return found(storage, find(storage));
      }
      throw malformed(
        storage,
        `The storage ${storage.key} is asked for as ${storage.numel} elements of ${storage.className} and as ${numel} of ${className}.`,
      );
    },
  };
}

function found(storage: Storage, source: ByteSource | undefined): ByteSource {
  const { record, numel, type } = storage;
  if (source === undefined)
    throw malformed(
      storage,
      `The record ${record} is missing, and tensors need it. The file is not complete.`,
    );
  const bytes = numel * type.itemBytes;
  if (source.size === bytes) return source;
  throw malformed(
    storage,
    `The record ${record} has ${source.size} bytes, but the pickle speaks of ${bytes}. The file is damaged or was put together by hand.`,
  );
}

function malformed({ record }: Storage, message: string): TorshError {
  return new TorshError('malformed', message, { path: record });
}
