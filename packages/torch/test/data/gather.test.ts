import { type ByteSource, fromBytes } from '@torsh/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather, type Spread } from '../../src/data/gather.ts';

/** The definition: one item after the other. */
function naive(bytes: Uint8Array, { start, itemBytes, size, stride }: Omit<Spread, 'source'>): Uint8Array {
  const out: number[] = [];
  const visit = (axis: number, at: number): void => {
    if (axis === size.length) out.push(...bytes.subarray(at, at + itemBytes));
    else
      for (let step = 0; step < size[axis]!; step++) visit(axis + 1, at + step * stride[axis]! * itemBytes);
  };
  visit(0, start);
  return Uint8Array.from(out);
}

const spreads = fc
  .record({
    itemBytes: fc.constantFrom(1, 2, 4, 8, 16),
    axes: fc.array(
      fc.record({ length: fc.integer({ min: 0, max: 5 }), step: fc.integer({ min: 0, max: 9 }) }),
      { maxLength: 5 },
    ),
    start: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ itemBytes, axes, start }) => ({
    itemBytes,
    start: start * itemBytes,
    size: axes.map(({ length }) => length),
    stride: axes.map(({ step }) => step),
  }));

describe('gather', () => {
  const bytes = Uint8Array.from({ length: 16 * 256 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

  it('gives the elements of any view in row-major order, in one read or in many', async () => {
    await fc.assert(
      fc.asyncProperty(spreads, fc.integer({ min: 1, max: 40 }), async (spread, chunk) => {
        const wanted = naive(bytes, spread);
        const source = gather({ source: fromBytes(bytes), ...spread });
        expect(source.size).toBe(wanted.length);
        expect(await source.read(0, source.size)).toEqual(wanted);
        for (let at = 0; at < source.size; at += chunk) {
          const length = Math.min(chunk, source.size - at);
          expect(await source.read(at, length)).toEqual(wanted.slice(at, at + length));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('cuts spans that are too wide to hold, and never asks for more than 4 MiB at once', async () => {
    // A transposed matrix of 4096 × 3000 floats whose storage is made up as it is read: 48 MB.
    const [rows, columns] = [4096, 3000];
    let largest = 0;
    const storage: ByteSource = {
      size: rows * columns * 4,
      async read(offset, length) {
        largest = Math.max(largest, length);
        const words = new Uint32Array(length / 4);
        for (let index = 0; index < words.length; index++) words[index] = offset / 4 + index;
        return new Uint8Array(words.buffer);
      },
    };
    const source = gather({
      source: storage,
      start: 0,
      itemBytes: 4,
      size: [columns, rows],
      stride: [1, columns],
    });
    expect(source.block! % (rows * 4)).toBe(0);
    const block = await source.read(source.block!, source.block!);
    const words = new Uint32Array(block.slice().buffer);
    const first = source.block! / 4 / rows;
    for (const [column, row] of [
      [0, 0],
      [1, 7],
      [500, 4095],
    ] as const) {
      expect(words[column * rows + row]).toBe(row * columns + first + column);
    }
    expect(largest).toBeLessThanOrEqual(4 * 2 ** 20);
  });
});
