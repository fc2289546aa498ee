import type { Issue, JsonObject } from '@torsh/core';
import { EXTRA, type Found } from '../object/register.ts';
import { denseBytes, type Storage, shapeOf, startOf } from '../object/view.ts';

/** Why the bytes of a storage cannot be had. */
export type Trouble =
  /** The file ends before it, or inside of it. */
  | 'cut'
  /** Its bytes are not those that were written, or nothing confirms them where something should. */
  | 'damaged'
  /** Its record is not in the file. */
  | 'missing';

/** A tensor that could not be recovered. */
export interface Lost {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** How many of its bytes are in the file; they are not used. */
  readonly found: number;
  readonly reason: Trouble;
  /** The model that it is missing from, where that is not the usual one. */
  readonly model?: string;
}

/** The record of a storage that cannot be used. */
export interface LostStorage {
  readonly reason: Trouble;
  readonly present: number;
}

/** What is lost with a storage: each of its tensors, as a whole. */
export function lostTensor({ name, view, model }: Found, { reason, present }: LostStorage): Lost {
  const bytes = denseBytes(view);
  const found = Math.max(0, Math.min(bytes, present - startOf(view)));
  const place = model === EXTRA ? { model } : {};
  return { name, dtype: view.type.dtype, shape: shapeOf(view), bytes, found, reason, ...place };
}

/** The bytes that a storage should have. */
export function promisedBytes({ numel, type }: Storage): number {
  return numel * type.itemBytes;
}

/** More are counted only: nobody reads them, and the metadata has them all. */
const TOLD = 1000;

const REASONS: Readonly<Record<Trouble, string>> = {
  cut: 'the file was cut off',
  damaged: 'the bytes are damaged',
  missing: 'its record is not in the file',
};

/** One issue for each lost tensor. */
export function lostIssues(lost: readonly Lost[]): Issue[] {
  const issues = lost.slice(0, TOLD).map(({ name, bytes, found, reason }): Issue => {
    const message = `${name} is lost: ${REASONS[reason]}, ${found} of its ${bytes} bytes are there.`;
    return { severity: 'loss', code: 'lost-tensor', message, subject: name };
  });
  if (lost.length <= TOLD) return issues;
  const message = `${lost.length - TOLD} more tensors are lost; metadata/torch.json names them all.`;
  return [...issues, { severity: 'loss', code: 'lost-tensors', message }];
}

/** The same for the metadata. */
export function lostJson(lost: readonly Lost[]): JsonObject[] {
  return lost.map((each) => ({ ...each }));
}
