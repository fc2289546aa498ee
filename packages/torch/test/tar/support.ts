import type { Limits } from '@torsh/bytes';
import { assemble, type PickleValue } from '@torsh/pickle';
import { torchTar } from '../../src/index.ts';
import { dict, global, list, openAndRead, refusal, tuple } from '../support.ts';

const BLOCK = 512;

/** A header whose sum is right; `change` is done before the sum is made. */
export function header(
  name: string,
  size: number,
  kind = '0',
  change?: (block: Uint8Array) => void,
): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, '0000644');
  put(124, size.toString(8).padStart(11, '0'));
  put(136, '00000000000');
  put(156, kind);
  put(257, 'ustar\x0000');
  change?.(block);
  put(148, ' '.repeat(8));
  put(
    148,
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  return block;
}

/** A member: its header, its bytes, and what fills its last block. */
export function member(name: string, bytes: Uint8Array, kind = '0'): Uint8Array {
  return joined(header(name, bytes.length, kind), bytes, new Uint8Array(-bytes.length & (BLOCK - 1)));
}

export const END = new Uint8Array(2 * BLOCK);

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** 64-bit numbers, one behind the other. */
export function int64s(...values: readonly (number | bigint)[]): Uint8Array {
  return new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
}

/** A 32-bit number and four bytes that mean nothing. */
export function rank(value: number): Uint8Array {
  return new Uint8Array(new Int32Array([value, -1]).buffer);
}

export interface Files {
  readonly storages: Uint8Array;
  readonly tensors: Uint8Array;
  readonly pickle: Uint8Array;
}

const FLOATS = global('torch', 'FloatStorage');
const TENSORS = global('torch', 'FloatTensor');

/** Storage 1 has four floats; tensor 2 is all of it; the object is that tensor under a name. */
export const GOOD: Files = {
  storages: joined(
    assemble(1),
    assemble(tuple(1, 'cpu', FLOATS)),
    int64s(4),
    new Uint8Array(16),
    assemble(list()),
  ),
  tensors: joined(assemble(1), assemble(tuple(2, 1, TENSORS)), rank(1), int64s(4, 1, 0)),
  pickle: assemble(dict(['w', { kind: 'persistent', id: '2' }])),
};

/** The files of one tensor with these numbers. */
export const tensorFile = (key: PickleValue, on: PickleValue, ...rest: readonly Uint8Array[]): Uint8Array =>
  joined(assemble(1), assemble(tuple(key, on, TENSORS)), ...rest);

/** The file of one storage of four floats, and what stands behind it. */
export const storageFile = (said: PickleValue, ...rest: readonly Uint8Array[]): Uint8Array =>
  joined(assemble(1), assemble(said), ...rest);

export function tar(files: Partial<Files> = {}): Uint8Array {
  const { storages, tensors, pickle } = { ...GOOD, ...files };
  return joined(member('storages', storages), member('tensors', tensors), member('pickle', pickle), END);
}

export const open = (bytes: Uint8Array, limits: Partial<Limits> = {}) =>
  openAndRead(bytes, limits, torchTar());

/** `code path@offset` of the error. */
export async function refused(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  const { code, path, offset } = await refusal(bytes, limits, torchTar());
  return `${code} ${path}${offset === undefined ? '' : `@${offset}`}`;
}
