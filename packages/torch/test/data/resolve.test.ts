import { fromBytes } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../src/data/resolve.ts';
import { dtypes } from '../../src/object/storage-types.ts';

const off = { swap: false, conj: false, neg: false };

describe('resolve', () => {
  it('leaves a source alone that has nothing pending', () => {
    const source = fromBytes(Uint8Array.of(1, 2));
    expect(resolve(source, dtypes.get('float16')!, off)).toBe(source);
    expect(resolve(source, dtypes.get('uint8')!, { ...off, swap: true })).toBe(source);
  });

  it('reverses the bytes of each number', async () => {
    const source = resolve(
      fromBytes(Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0)),
      dtypes.get('float32')!,
      {
        ...off,
        swap: true,
      },
    );
    expect(await source.read(0, 8)).toEqual(Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0));
    expect(await source.read(3, 3)).toEqual(Uint8Array.of(0x3f, 0, 0));
  });

  it('flips the imaginary sign for conj, every sign for neg, and both for both', async () => {
    const pair = new Uint8Array(new Float32Array([1, 2, 3, -4]).buffer);
    const floats = async (pending: object) =>
      new Float32Array(
        (await resolve(fromBytes(pair), dtypes.get('complex64')!, { ...off, ...pending }).read(0, 16)).slice()
          .buffer,
      );
    expect(Array.from(await floats({ conj: true }))).toEqual([1, -2, 3, 4]);
    expect(Array.from(await floats({ neg: true }))).toEqual([-1, -2, -3, 4]);
    expect(Array.from(await floats({ conj: true, neg: true }))).toEqual([-1, 2, -3, -4]);
    expect(Array.from(pair)).toEqual(Array.from(new Uint8Array(new Float32Array([1, 2, 3, -4]).buffer)));
  });

  it('keeps the payload of a NaN', async () => {
    const nan = Uint8Array.of(0x7f, 0xa0, 0x12, 0x34);
    const source = resolve(fromBytes(nan), dtypes.get('float32')!, { ...off, swap: true });
    expect(await source.read(0, 4)).toEqual(Uint8Array.of(0x34, 0x12, 0xa0, 0x7f));
  });
});
