import { type ByteSource, fromBytes, toBytes } from '@torsh/bytes';
import { type Archive, applyPatch, createPatch, model, open, type Tensor, torsh } from '../../src/index.ts';
import { inputOf, platform as plain } from '../support.ts';

export const platform = plain;

/** Bytes that look random and are the same in every run. */
export function noise(length: number, seed: number): Uint8Array {
  let state = seed * 2654435761 + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}

/** A tensor of noise; `nudge` adds 1 to the lowest byte of every so many numbers. */
export function weights(name: string, count: number, seed: number, nudge = 0): Tensor {
  const data = noise(count * 4, seed);
  if (nudge > 0) for (let at = 0; at < data.length; at += 4 * nudge) data[at]! += 1;
  return { name, dtype: 'F32', shape: [count], data: fromBytes(data) };
}

export const models = (...tensors: Tensor[]) => [model(tensors)];

export interface Side {
  readonly file: ByteSource;
  readonly archive?: Archive;
}

export async function sideOf(bytes: Uint8Array): Promise<Side> {
  const input = inputOf(bytes, 'x.torsh');
  const file = (await input.files.open('x.torsh'))!;
  return { file, archive: await open(input, { formats: [torsh()], platform }) };
}

export async function patchOf(base: Side, target: Side): Promise<Uint8Array> {
  const sink = toBytes();
  await createPatch(base, target, sink, { platform });
  return sink.bytes();
}

export async function applied(base: Uint8Array, patch: Uint8Array): Promise<Uint8Array> {
  const sink = toBytes();
  await applyPatch(fromBytes(base), fromBytes(patch), sink, { platform });
  return sink.bytes();
}
