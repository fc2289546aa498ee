import { type ByteSource, fromBytes } from '@torsh/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather } from '../../src/data/gather.ts';
import { scatter } from '../../src/data/scatter.ts';

const STORAGE = 4096;
/** Views that lie in a storage of 4096 bytes; a step of 0 repeats one element, small steps overlap. */
const views = fc
  .record({
    itemBytes: fc.constantFrom(1, 2, 4, 8, 16),
    axes: fc.array(
      fc.record({ length: fc.integer({ min: 0, max: 4 }), step: fc.integer({ min: 0, max: 9 }) }),
      {
        maxLength: 4,
      },
    ),
    start: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ itemBytes, axes, start }) => ({
    itemBytes,
    start: start * itemBytes,
    size: axes.map(({ length }) => length),
    stride: axes.map(({ step }) => step),
  }));

const storage = Uint8Array.from({ length: STORAGE }, (_, index) => 1 + ((index * 7 + (index >> 8)) % 255));

/** The bytes that a view shows, by definition. */
function shown({ itemBytes, start, size, stride }: Parameters<typeof gather>[0]): Set<number> {
  const places = new Set<number>();
  const visit = (axis: number, at: number): void => {
    if (axis === size.length) for (let byte = 0; byte < itemBytes; byte++) places.add(at + byte);
    else
      for (let step = 0; step < size[axis]!; step++) visit(axis + 1, at + step * stride[axis]! * itemBytes);
  };
  visit(0, start);
  return places;
}

describe('scatter', () => {
  it('puts back what any views have gathered, in one read or in many; the rest is zero', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(views, { maxLength: 3 }),
        fc.integer({ min: 1, max: 700 }),
        async (some, chunk) => {
          const spreads = some.map((view) => ({ source: fromBytes(storage), ...view }));
          const dense = spreads.map((spread) => ({ ...spread, source: gather(spread) }));
          const places = new Set(spreads.flatMap((spread) => [...shown(spread)]));
          const wanted = storage.map((byte, at) => (places.has(at) ? byte : 0));
          const made = scatter(STORAGE, dense);
          expect(await made.read(0, STORAGE)).toEqual(wanted);
          for (let at = 0; at < STORAGE; at += chunk) {
            const length = Math.min(chunk, STORAGE - at);
            expect(await made.read(at, length)).toEqual(wanted.slice(at, at + length));
          }
          // And what is gathered from it again is the same tensor.
          for (const { source, ...spread } of dense) {
            const again = gather({ ...spread, source: made });
            expect(await again.read(0, again.size)).toEqual(await source.read(0, source.size));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps the first of two that claim one place', async () => {
    const row = (byte: number) => ({
      source: fromBytes(new Uint8Array(4).fill(byte)),
      start: byte,
      itemBytes: 1,
      size: [4],
      stride: [1],
    });
    expect(await scatter(8, [row(2), row(1)]).read(0, 8)).toEqual(Uint8Array.of(0, 1, 2, 2, 2, 2, 0, 0));
  });

  it('never asks a tensor for more than 4 MiB at once, nor makes more than it is asked for', async () => {
    // The dense tensor of a transposed matrix: 4096 × 3000 floats, made up as they are read.
    const [rows, columns] = [3000, 4096];
    let largest = 0;
    const dense: ByteSource = {
      size: rows * columns * 4,
      async read(offset, length) {
        largest = Math.max(largest, length);
        const bytes = new Uint8Array(length);
        const items = new DataView(bytes.buffer);
        for (let at = 0; at + 4 <= length; at += 4) items.setUint32(at, (offset + at) / 4, true);
        return bytes;
      },
    };
    const view = { source: dense, start: 0, itemBytes: 4, size: [rows, columns], stride: [1, rows] };
    const made = scatter(dense.size, [view]);
    const [from, count] = [5000, 100];
    const read = await made.read(from * 4, count * 4);
    const found = new Uint32Array(read.buffer, read.byteOffset, count);
    // Element (row, column) lies at row + column · rows, and is number row · columns + column.
    const wanted = Array.from({ length: count }, (_, at) => {
      const place = from + at;
      return (place % rows) * columns + Math.floor(place / rows);
    });
    expect([...found]).toEqual(wanted);
    expect(largest).toBeLessThanOrEqual(4 * 2 ** 20);
  });
});
