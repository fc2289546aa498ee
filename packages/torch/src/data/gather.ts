import { type ByteSource, checkRead, type ReadOptions } from '@torsh/bytes';
import { type Axis, pick, SPAN_BYTES, spanOf } from './box.ts';

/** Elements spread over a source: `size` and `stride` as torch has them, all counts in items of `itemBytes`. */
export interface Spread {
  readonly source: ByteSource;
  /** Of the first element, in bytes. */
  readonly start: number;
  readonly itemBytes: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
}

/** Bytes that are gathered as they are read: whoever wants the elements where they lay can have what they were gathered from. */
export interface Gathered extends ByteSource {
  readonly spread: Spread;
}

/** True for bytes that `gather` makes, with nothing done to them since. */
export function isGathered(source: ByteSource): source is Gathered {
  return 'spread' in source;
}

/** Dense output is made in blocks of about this size, so that each look at the source serves many elements. */
const BLOCK_BYTES = 8 * 2 ** 20;

/** The elements of a spread, dense and row-major, gathered as they are read. Memory is flat whatever the size. */
export function gather(spread: Spread): Gathered {
  const { itemBytes, size } = spread;
  const counts = innerCounts(size);
  const items = counts[0]!;
  const bytes = items * itemBytes;
  return {
    spread,
    size: bytes,
    block: blockBytes(counts, itemBytes),
    async read(offset, length, options) {
      checkRead(bytes, offset, length, options);
      if (length === 0) return new Uint8Array(0);
      // Whole items are gathered; a read may begin or end inside of one.
      const first = Math.floor(offset / itemBytes);
      const end = Math.ceil((offset + length) / itemBytes);
      const output = new Uint8Array((end - first) * itemBytes);
      await gatherRange(spread, counts, first, end, output, options);
      return output.subarray(offset - first * itemBytes, offset - first * itemBytes + length);
    },
  };
}

/** `counts[axis]` is the number of items below one step of the axis before; `counts[0]` is all. */
function innerCounts(size: readonly number[]): number[] {
  const counts: number[] = new Array(size.length + 1).fill(1);
  for (let axis = size.length - 1; axis >= 0; axis--) counts[axis] = counts[axis + 1]! * size[axis]!;
  return counts;
}

/** A whole number of steps of the outermost axis that fits. */
function blockBytes(counts: readonly number[], itemBytes: number): number {
  const inner = counts.find((count) => count * itemBytes <= BLOCK_BYTES) ?? 1;
  return Math.max(1, Math.floor(BLOCK_BYTES / (inner * itemBytes))) * inner * itemBytes;
}

/** Cuts a range of the flat index into boxes (full inner axes) and gathers each. */
async function gatherRange(
  spread: Spread,
  counts: readonly number[],
  first: number,
  end: number,
  output: Uint8Array,
  options?: ReadOptions,
): Promise<void> {
  const { size, stride, itemBytes } = spread;
  for (let at = first; at < end; ) {
    // The largest axis whose steps begin at `at` and end before `end`.
    let axis = size.length;
    while (axis > 0 && at % counts[axis - 1]! === 0 && at + counts[axis - 1]! <= end) axis--;
    let source = spread.start;
    let rest = at;
    for (let outer = 0; outer < axis; outer++) {
      source += Math.floor(rest / counts[outer + 1]!) * stride[outer]! * itemBytes;
      rest %= counts[outer + 1]!;
    }
    // Several steps of the axis before, as far as the range and that axis go.
    const step = counts[axis]!;
    const room = axis === 0 ? 1 : size[axis - 1]! - (Math.floor(at / step) % size[axis - 1]!);
    const steps = axis === 0 ? 1 : Math.min(room, Math.floor((end - at) / step));
    const axes: Axis[] = axis === 0 ? [] : [{ length: steps, from: stride[axis - 1]!, to: step }];
    for (let inner = axis; inner < size.length; inner++) {
      axes.push({ length: size[inner]!, from: stride[inner]!, to: counts[inner + 1]! });
    }
    // In the order of the source, so that reading goes forward.
    const ordered = axes.filter(({ length }) => length > 1).sort((a, b) => b.from - a.from);
    await gatherBox(spread, ordered, source, output, (at - first) * itemBytes, options);
    at += step * steps;
  }
}

/** Gathers a box: reads its span at once where that is small, else cuts it along its widest stride. */
async function gatherBox(
  spread: Spread,
  axes: readonly Axis[],
  start: number,
  output: Uint8Array,
  outputAt: number,
  options?: ReadOptions,
): Promise<void> {
  const { source, itemBytes } = spread;
  const span = spanOf(axes) * itemBytes;
  const [widest, ...inner] = axes;
  if (span <= SPAN_BYTES || widest === undefined) {
    pick(await source.read(start, span, options), itemBytes, axes, output, outputAt);
    return;
  }
  const room = SPAN_BYTES - spanOf(inner) * itemBytes;
  const steps = room < 0 ? 1 : Math.min(widest.length, Math.floor(room / (widest.from * itemBytes)) + 1);
  for (let done = 0; done < widest.length; done += steps) {
    const length = Math.min(steps, widest.length - done);
    const part = length > 1 ? [{ ...widest, length }, ...inner] : inner;
    await gatherBox(
      spread,
      part,
      start + done * widest.from * itemBytes,
      output,
      outputAt + done * widest.to * itemBytes,
      options,
    );
  }
}
