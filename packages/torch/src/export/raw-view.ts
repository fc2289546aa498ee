import { type ByteSource, checkRead } from '@torsh/bytes';
import { elementsOf } from '@torsh/core';
import { storageType, UNTYPED } from '../object/storage-types.ts';
import { denseBytes, denseStrides, type Storage, type View } from '../object/view.ts';
import type { TensorMeta } from './tensor-meta.ts';

/** A tensor on a record that is a storage without a header, or on none at all. */
export interface RawView {
  readonly view: View;
  readonly source: ByteSource;
  /** True where the record is empty and the tensor is not: torch saved a tensor without data, and loads zeros. */
  readonly isZeros: boolean;
}

/** Looks at the bytes of a record as a config says. */
export function rawView(
  name: string,
  file: string,
  path: string,
  record: ByteSource,
  meta: TensorMeta,
): RawView {
  const { type, size, requiresGrad, device } = meta;
  const flags = { requiresGrad, conj: false, neg: false };
  const storage = (key: string, numel: number): Storage => {
    const bytes = { className: UNTYPED, type: storageType(UNTYPED)!, numel };
    return { key, record: path, location: device, ...bytes };
  };
  if (record.size > 0 || elementsOf(size) === 0) {
    const { stride, offset } = meta;
    const view = { storage: storage(file, record.size), type, offset, size, stride, ...flags };
    return { view, source: record, isZeros: false };
  }
  // Two tensors without data are not one because both are zeros: each has a storage of its own.
  const dense = { type, offset: 0, size, stride: denseStrides(size), ...flags };
  const bytes = denseBytes({ ...dense, storage: storage(file, 0) });
  const view = { ...dense, storage: storage(`${file} ${name}`, bytes) };
  return { view, source: zeros(bytes), isZeros: true };
}

/** Zeros that take no memory. */
function zeros(size: number): ByteSource {
  return {
    size,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      return new Uint8Array(length);
    },
  };
}
