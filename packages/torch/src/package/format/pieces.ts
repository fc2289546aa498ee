import type { DType } from '@torsh/core';
import { bytesOf } from '@torsh/core';
import { fills } from '../../data/storage-bytes.ts';
import { elementType } from '../../object/storage-types.ts';
import type { StorageFacts, ViewFacts } from './facts.ts';

/** A stretch of a storage, and where its bytes are. */
export type Piece =
  | { readonly kind: 'tensor'; readonly view: ViewFacts; readonly from: number; readonly length: number }
  /** All of the storage, from one tensor whose elements lie in another order or are to be negated. */
  | { readonly kind: 'spread'; readonly view: ViewFacts }
  /** Bytes that no tensor shows, `at` that place of the storage. */
  | { readonly kind: 'rest'; readonly at: number; readonly length: number };

/**
 * What a storage is made of, from its first byte to its last: tensors that lie row by row, and between them bytes that are
 * kept apart. Reader and writer both ask, so that they always agree.
 */
export function piecesOf({ bytes, tensors }: Pick<StorageFacts, 'bytes' | 'tensors'>): readonly Piece[] {
  const dense = tensors
    .filter(({ stride }) => stride === undefined)
    .map((view) => ({ view, start: view.start, end: view.start + sizeOf(view) }))
    .filter(({ start, end }) => end > start && end <= bytes)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { view, start, end } of dense) {
    if (end <= at) continue;
    if (start > at) pieces.push({ kind: 'rest', at, length: start - at });
    const from = Math.max(0, at - start);
    pieces.push({ kind: 'tensor', view, from, length: end - start - from });
    at = end;
  }
  if (at < bytes) pieces.push({ kind: 'rest', at, length: bytes - at });
  if (!pieces.some(({ kind }) => kind === 'rest')) return pieces;
  const whole = tensors.find((view) => isWhole(bytes, view));
  return whole === undefined ? pieces : [{ kind: 'spread', view: whole }];
}

/** Bytes of the tensor, dense. */
function sizeOf({ dtype, shape }: ViewFacts): number {
  return bytesOf(dtype as DType, shape);
}

function isWhole(bytes: number, view: ViewFacts): boolean {
  const { dtype, start, size, stride } = view;
  const type = elementType(dtype as DType);
  if (type === undefined || size === undefined || stride === undefined || start !== 0) return false;
  if (sizeOf(view) !== bytes) return false;
  return fills(bytes, { type, size, stride });
}
