import { type ByteSource, checkRead, type ReadOptions } from '@torsh/bytes';

/** Elements spread over a source: `size` and `stride` as torch has them, all counts in items of `itemBytes`. */
export interface Spread {
  readonly source: ByteSource;
  /** Of the first element, in bytes. */
  readonly start: number;
  readonly itemBytes: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
}

/** Dense output is made in blocks of about this size, so that each look at the source serves many elements. */
const BLOCK_BYTES = 8 * 2 ** 20;
/** Spans up to this size are read whole and picked from; wider ones are cut along their widest stride. */
const SPAN_BYTES = 4 * 2 ** 20;

/** One axis of a box: `length` steps, how far each goes in the source and in the output, in items. */
interface Axis {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** The elements of a spread, dense and row-major, gathered as they are read. Memory is flat whatever the size. */
export function gather(spread: Spread): ByteSource {
  const { itemBytes, size } = spread;
  const counts = innerCounts(size);
  const items = counts[0]!;
  const bytes = items * itemBytes;
  return {
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
  const spanOf = (some: readonly Axis[]) =>
    (some.reduce((sum, { length, from }) => sum + (length - 1) * from, 0) + 1) * itemBytes;
  const span = spanOf(axes);
  const [widest, ...inner] = axes;
  if (span <= SPAN_BYTES || widest === undefined) {
    pick(await source.read(start, span, options), itemBytes, axes, output, outputAt);
    return;
  }
  const room = SPAN_BYTES - spanOf(inner);
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

/** Picks the items of a box out of its span. Words are copied, never numbers: a NaN keeps its payload. */
function pick(
  span: Uint8Array,
  itemBytes: number,
  axes: readonly Axis[],
  output: Uint8Array,
  outputAt: number,
): void {
  const wordBytes = Math.min(itemBytes, 4);
  const words = itemBytes / wordBytes;
  const aligned: Uint8Array = span.byteOffset % wordBytes === 0 ? span : new Uint8Array(span);
  const make = wordBytes === 4 ? Uint32Array : wordBytes === 2 ? Uint16Array : Uint8Array;
  const from = new make(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / wordBytes);
  const to = new make(
    output.buffer as ArrayBuffer,
    output.byteOffset + outputAt,
    Math.floor((output.length - outputAt) / wordBytes),
  );
  const last = axes.length - 1;
  const walk = (depth: number, source: number, target: number): void => {
    if (depth > last) {
      for (let word = 0; word < words; word++) to[target + word] = from[source + word]!;
      return;
    }
    const { length, from: stepFrom, to: stepTo } = axes[depth]!;
    const [fromStep, toStep] = [stepFrom * words, stepTo * words];
    if (depth < last) {
      for (let step = 0; step < length; step++)
        walk(depth + 1, source + step * fromStep, target + step * toStep);
    } else if (stepFrom === 1 && stepTo === 1) {
      to.set(from.subarray(source, source + length * words), target);
    } else {
      for (let step = 0; step < length; step++) {
        for (let word = 0; word < words; word++) {
          to[target + step * toStep + word] = from[source + step * fromStep + word]!;
        }
      }
    }
  };
  walk(0, 0, 0);
}
