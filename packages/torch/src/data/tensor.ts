import { type ByteSource, expecting, slice, TorshError } from '@torsh/bytes';
import { bytesOf, type Tensor } from '@torsh/core';
import type { Found } from '../object/register.ts';
import { UNTYPED } from '../object/storage-types.ts';
import { denseBytes, isDense, shapeOf, startOf, type View } from '../object/view.ts';
import { gather } from './gather.ts';
import { resolve } from './resolve.ts';
import type { Storages } from './storages.ts';

/** Whether numbers lie with their highest byte first: all of them, or those of untyped storages only. */
export type BigEndian = boolean | 'untyped';

/** A tensor of the archive from a view on a record: a window where the bytes lie as they should, else made as it is read. */
export function tensorOf({ name, view }: Found, storages: Storages, bigEndian: BigEndian): Tensor {
  const { type, storage } = view;
  const record = storages.source(storage);
  const bytes = denseBytes(view);
  const shape = shapeOf(view);
  if (bytesOf(type.dtype, shape) !== bytes) {
    throw new TorshError(
      'unsupported',
      `The tensor ${name} of ${type.dtype} has a shape that does not fill its bytes.`,
      { path: storage.record },
    );
  }
  // torch swaps by the type of the storage and so leaves untyped ones in the wrong order; here the tensor's own type counts.
  const swapped = bigEndian === 'untyped' ? storage.className === UNTYPED : bigEndian;
  const reversed = storage.bytes === undefined ? swapped : storage.bigEndian === true;
  const pending = { swap: reversed, conj: view.conj, neg: view.neg };
  const lying = isDense(view) ? windowOn(record, startOf(view), bytes) : spread(record, view);
  return { name, dtype: type.dtype, shape, data: resolve(lying, type, pending) };
}

function windowOn(record: ByteSource, start: number, bytes: number): ByteSource {
  if (bytes === 0) return slice(record, 0, 0);
  // The whole record keeps its check sum, so that whoever copies the tensor also proves it.
  if (start === 0 && bytes === record.size) return record;
  return expecting(slice(record, start, bytes), { path: record.expected?.path });
}

function spread(record: ByteSource, view: View): ByteSource {
  const { size, stride, type } = view;
  return gather({ source: record, start: startOf(view), itemBytes: type.itemBytes, size, stride });
}
