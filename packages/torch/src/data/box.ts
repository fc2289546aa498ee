/** One axis of a box: `length` steps, how far each goes in what is read and in what is written, in items. */
export interface Axis {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Spans up to this size are read whole and picked from; wider ones are cut along their widest stride. */
export const SPAN_BYTES: number = 4 * 2 ** 20;

/** How many items lie between the first and the last of a box, both counted, where they are read. */
export function spanOf(axes: readonly Axis[]): number {
  return axes.reduce((sum, { length, from }) => sum + (length - 1) * from, 1);
}

/** Picks the items of a box out of its span. Words are copied, never numbers: a NaN keeps its payload. */
export function pick(
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
