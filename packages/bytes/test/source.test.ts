import { describe, expect, it } from 'vitest';
import {
  type ByteSource,
  concat,
  expecting,
  fromBlob,
  fromBytes,
  paged,
  readAll,
  slice,
} from '../src/index.ts';
import { numbered } from './support.ts';

const bytes = numbered(1000);
const framed = new Uint8Array([...numbered(7), ...bytes, ...numbered(9)]);

/** Every way to hold the same thousand bytes. */
const sources: readonly (readonly [string, ByteSource])[] = [
  ['fromBytes', fromBytes(bytes)],
  ['fromBlob', fromBlob(new Blob([bytes as Uint8Array<ArrayBuffer>]))],
  ['slice', slice(fromBytes(framed), 7, 1000)],
  ['slice of a slice', slice(slice(fromBytes(framed), 3, 1010), 4, 1000)],
  ['expecting', expecting(fromBytes(bytes), { crc32: 1 })],
  [
    'concat',
    concat([
      fromBytes(bytes.subarray(0, 1)),
      fromBytes(bytes.subarray(1, 1)),
      fromBytes(bytes.subarray(1, 600)),
      fromBytes(bytes.subarray(600)),
    ]),
  ],
  ['paged', paged(fromBytes(bytes), 64, 3)],
  ['paged in one page', paged(fromBytes(bytes), 4096)],
];

describe.each(sources)('%s', (_, source) => {
  it('gives exactly what is asked for', async () => {
    expect(source.size).toBe(1000);
    for (const [offset, length] of [
      [0, 1000],
      [0, 0],
      [1000, 0],
      [999, 1],
      [63, 2],
      [64, 64],
      [100, 500],
      [0, 1],
    ] as const) {
      expect(await source.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
    }
  });

  it('rejects a read beyond the end: never fewer bytes, never padded', async () => {
    for (const [offset, length] of [
      [0, 1001],
      [1000, 1],
      [999, 2],
      [2000, 0],
    ] as const) {
      await expect(source.read(offset, length)).rejects.toMatchObject({ code: 'truncated', offset });
    }
  });

  it('refuses arguments that are not a place', async () => {
    for (const [offset, length] of [
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, Number.NaN],
      [Number.POSITIVE_INFINITY, 1],
    ] as const) {
      await expect(source.read(offset, length)).rejects.toBeInstanceOf(TypeError);
    }
  });

  it('obeys the signal', async () => {
    const reason = { enough: true };
    await expect(source.read(0, 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('gives the same to many readers at once', async () => {
    const reads = Array.from({ length: 50 }, (_unused, index) => source.read(index * 20, 20));
    for (const [index, read] of (await Promise.all(reads)).entries()) {
      expect(read).toEqual(bytes.subarray(index * 20, index * 20 + 20));
    }
  });
});

it('fromBlob tells what the world did', async () => {
  const gone = { size: 5, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
  await expect(fromBlob(gone).read(1, 2)).rejects.toMatchObject({ code: 'io', offset: 1 });
});

it('readAll gives bytes to keep and stops at its limit, before it reads', async () => {
  const all = await readAll(fromBytes(bytes), 1000);
  expect(all).toEqual(bytes);
  expect(all.buffer).not.toBe(bytes.buffer);
  const untouched: ByteSource = { size: 1001, read: () => Promise.reject(new Error('read')) };
  await expect(readAll(untouched, 1000)).rejects.toMatchObject({ code: 'limit' });
});
