import { type ByteSource, fromBytes, TorshError } from '@torsh/bytes';
import type { Storage } from '../object/view.ts';
import type { Embedded } from './embedded.ts';

/** Where the bytes of the storages are. */
export interface Storages {
  /** The bytes of a storage, exactly as many as the object says. */
  source(storage: Storage): ByteSource;
}

/**
 * Storages as `find` has them in the file, held to their promised length. `embedded` says where those lie that came inside of
 * the pickle.
 */
export function storages(
  find: (storage: Storage) => ByteSource | undefined,
  embedded: Embedded = fromBytes,
): Storages {
  return {
    source(storage) {
      const { bytes } = storage;
      return found(storage, bytes === undefined ? find(storage) : embedded(bytes));
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
