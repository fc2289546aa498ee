import type { NodeProto } from '../schema/message.ts';
import { numberOf, numbersOf, textOf } from './attributes.ts';

/** The sizes of a tensor, all of them known. */
export type Shape = readonly number[];

/** No runtime takes more dimensions; a few nodes could double them again and again. */
const RANK = 64;

/** A shape, unless it is one that nobody computes with. */
export function sensible(shape: Shape | undefined): Shape | undefined {
  return shape !== undefined && shape.length <= RANK && Number.isSafeInteger(elementsOf(shape))
    ? shape
    : undefined;
}

/** How many elements a shape has. */
export function elementsOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The shape of values that are combined one by one; `undefined` where they do not fit together. */
export function broadcast(shapes: readonly Shape[]): Shape | undefined {
  const rank = shapes.reduce((most, { length }) => Math.max(most, length), 0);
  const result: number[] = [];
  for (let axis = 1; axis <= rank; axis++) {
    let size = 1;
    for (const shape of shapes) {
      const own = shape.at(-axis) ?? 1;
      if (own !== 1 && size !== 1 && own !== size) return undefined;
      if (own !== 1) size = own;
    }
    result.unshift(size);
  }
  return result;
}

/** An axis that may be counted from the end. */
export function axisIn(axis: number, rank: number): number | undefined {
  const counted = axis < 0 ? axis + rank : axis;
  return counted >= 0 && counted < rank ? counted : undefined;
}

/** The sizes that a window leaves when it moves over an image, by the attributes that Conv and the pools share. */
export function windowed(node: NodeProto, sizes: Shape, kernel: Shape): Shape | undefined {
  const strides = numbersOf(node, 'strides');
  const dilations = numbersOf(node, 'dilations');
  const pads = numbersOf(node, 'pads');
  const auto = textOf(node, 'auto_pad') ?? 'NOTSET';
  const round = numberOf(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  const result = sizes.map((size, axis) => {
    const stride = strides?.[axis] ?? 1;
    if (auto.startsWith('SAME')) return Math.ceil(size / stride);
    const reach = (kernel[axis]! - 1) * (dilations?.[axis] ?? 1) + 1;
    const padding = auto === 'VALID' ? 0 : (pads?.[axis] ?? 0) + (pads?.[axis + sizes.length] ?? 0);
    return round((size + padding - reach) / stride) + 1;
  });
  return result.every((size) => Number.isSafeInteger(size) && size >= 0) ? result : undefined;
}

/** The sizes of what ConvTranspose makes. */
export function widened(node: NodeProto, sizes: Shape, kernel: Shape): Shape | undefined {
  const stated = numbersOf(node, 'output_shape');
  if (stated !== undefined) return stated.slice(-sizes.length);
  const strides = numbersOf(node, 'strides');
  const dilations = numbersOf(node, 'dilations');
  const pads = numbersOf(node, 'pads');
  const more = numbersOf(node, 'output_padding');
  const auto = textOf(node, 'auto_pad') ?? 'NOTSET';
  const result = sizes.map((size, axis) => {
    const stride = strides?.[axis] ?? 1;
    if (auto.startsWith('SAME')) return size * stride;
    const reach = (kernel[axis]! - 1) * (dilations?.[axis] ?? 1) + 1;
    const padding = auto === 'VALID' ? 0 : (pads?.[axis] ?? 0) + (pads?.[axis + sizes.length] ?? 0);
    return stride * (size - 1) + (more?.[axis] ?? 0) + reach - padding;
  });
  return result.every((size) => Number.isSafeInteger(size) && size >= 0) ? result : undefined;
}
