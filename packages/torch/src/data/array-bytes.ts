import { type ByteSource, blocks, concat } from '@torsh/bytes';
import type { View } from '../object/view.ts';
import { resolve } from './resolve.ts';
import { storageBytes } from './storage-bytes.ts';

/** The elements of an array that will stand in a pickle, and the tensor that they are to come from. */
export interface ArrayBytes {
  readonly bytes: Uint8Array;
  readonly data: ByteSource;
}

/** A tensor as the bytes of the array that it was: in the order of its axes, and its numbers in the array's byte order. */
export function arrayBytes(view: View, bytes: Uint8Array, data: ByteSource): ArrayBytes {
  const lying = concat(storageBytes(bytes.length, [{ view, data }]).sources);
  const pending = { swap: view.storage.bigEndian === true, conj: false, neg: false };
  return { bytes, data: resolve(lying, view.type, pending) };
}

/** Reads the elements into their arrays: a pickle is in memory whole. */
export async function fillArrays(arrays: readonly ArrayBytes[], signal?: AbortSignal): Promise<void> {
  for (const { bytes, data } of arrays) {
    let at = 0;
    for await (const block of blocks(data, signal)) {
      bytes.set(block, at);
      at += block.length;
    }
  }
}
