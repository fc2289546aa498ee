import { readFileSync } from 'node:fs';
import { isTorshError, type Limits } from '@torsh/bytes';
import { assemble, type PickleValue } from '@torsh/pickle';
import { pickle } from '../../src/index.ts';
import { call, dict, global, type Opened, open } from '../support.ts';

export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../fixtures/bare-pickle/${name}`, import.meta.url)));

export const openBare = (bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Opened> =>
  open(bytes, limits, pickle());

/** `code path@offset` of the error. */
export async function refusedBare(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  try {
    await openBare(bytes, limits);
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return `${error.code} ${error.path}${error.offset === undefined ? '' : `@${error.offset}`}`;
  }
  throw new Error('The file was taken, and should have been refused.');
}

/** Every tensor: its name and its numbers as bytes. */
export async function bytesOf({ model }: Opened): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (const { name, data } of model.tensors.values()) found[name] = [...(await data.read(0, data.size))];
  return found;
}

/** What is noted, as `code subject`. */
export const told = ({ issues }: Opened): string[] =>
  issues.map(({ code, subject }) => (subject === undefined ? code : `${code} ${subject}`));

export const concatenated = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const MAGIC = 0x1950a86a20f9469cfc6cn;

export interface Nest {
  readonly top: PickleValue;
  readonly keys?: readonly string[];
  readonly version?: number;
  /** The count and the bytes of each storage. */
  readonly storages?: readonly (readonly [count: number, bytes: Uint8Array])[];
}

/** A whole file of the old torch.save. */
export function nestOf({ top, keys = ['0'], version = 1001, storages = [[4, FLOATS]] }: Nest): Uint8Array {
  const parts: PickleValue[] = [MAGIC, version, dict(), top];
  const listed = assemble({ kind: 'list', items: [...keys] });
  const held = storages.flatMap(([count, bytes]) => [countOf(count), bytes]);
  return concatenated(...parts.map((part) => assemble(part)), listed, ...held);
}

function countOf(count: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(count), true);
  return bytes;
}

export const FLOATS: Uint8Array = Uint8Array.from({ length: 16 }, (_, index) => index);

export const loadFromBytes = (bytes: PickleValue): PickleValue =>
  call(global('torch.storage', '_load_from_bytes'), [bytes]);
