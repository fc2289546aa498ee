import { type ByteSource, checkRead, type ReadOptions } from '@torsh/bytes';
import { denseStrides } from '../object/view.ts';
import { type Axis, pick, SPAN_BYTES, spanOf } from './box.ts';
import type { Spread } from './gather.ts';

/** The bytes are made in blocks of this size, so that each look at a tensor serves many elements. */
const BLOCK_BYTES = 8 * 2 ** 20;
/** No element is wider, so a stretch that begins and ends on this boundary cuts none in two. */
const WIDEST = 16;

/**
 * The storage that tensors were gathered from: the inverse of `gather`. Each spread says where the elements of its dense
 * source lie. Holes are zero; where two tensors claim one place, the first has it. Memory is flat whatever the size.
 */
export function scatter(bytes: number, spreads: readonly Spread[]): ByteSource {
  // Painted last to first, so that the first stays.
  const layers = spreads.map(layerOf).reverse();
  return {
    size: bytes,
    block: BLOCK_BYTES,
    async read(offset, length, options) {
      checkRead(bytes, offset, length, options);
      const first = offset - (offset % WIDEST);
      const end = Math.min(bytes, Math.ceil((offset + length) / WIDEST) * WIDEST);
      const output = new Uint8Array(end - first);
      for (const layer of layers) await paint({ ...layer, first, end, output, options });
      return output.subarray(offset - first, offset - first + length);
    },
  };
}

/** A spread as a box whose axes are in the order of the storage. */
interface Layer {
  readonly source: ByteSource;
  readonly itemBytes: number;
  readonly axes: readonly Axis[];
  /** Where its first element lies, in bytes of the storage, and in items of its own. */
  readonly to: number;
  readonly from: number;
}

function layerOf({ source, start, itemBytes, size, stride }: Spread): Layer {
  const dense = denseStrides(size);
  const axes: Axis[] = [];
  // Along an axis of stride 0 all elements lie in one place: one of them is enough.
  size.forEach((length, axis) => {
    if (length === 0 || (length > 1 && stride[axis]! > 0))
      axes.push({ length, from: dense[axis]!, to: stride[axis]! });
  });
  return { source, itemBytes, axes: axes.sort((a, b) => b.to - a.to), to: start, from: 0 };
}

/** The stretch of the storage that is wanted, from `first` to `end`, and the bytes that become it. */
interface Painting extends Layer {
  readonly first: number;
  readonly end: number;
  readonly output: Uint8Array;
  readonly options: ReadOptions | undefined;
}

/** Puts those elements of a box into the stretch that lie in it. */
async function paint(box: Painting): Promise<void> {
  const { axes, itemBytes, to, first, end } = box;
  if (axes.some(({ length }) => length === 0)) return;
  const reach = reachOf(axes, itemBytes);
  if (to >= end || to + reach <= first) return;
  if (to >= first && to + reach <= end) {
    await fill(box);
    return;
  }
  const [widest, ...inner] = axes as [Axis, ...Axis[]];
  const step = widest.to * itemBytes;
  const innerReach = reachOf(inner, itemBytes);
  const part = (from: number, length: number) =>
    paint({
      ...box,
      axes: length > 1 ? [{ ...widest, length }, ...inner] : inner,
      to: to + from * step,
      from: box.from + from * widest.from,
    });
  // Steps that touch the stretch, and among them those that lie in it whole.
  const touched = Math.max(0, Math.floor((first - to - innerReach) / step) + 1);
  const beyond = Math.min(widest.length, Math.ceil((end - to) / step));
  const whole = Math.max(touched, Math.ceil((first - to) / step));
  const broken = Math.max(whole, Math.min(beyond, Math.floor((end - to - innerReach) / step) + 1));
  for (let at = touched; at < Math.min(whole, beyond); at++) await part(at, 1);
  if (broken > whole) await part(whole, broken - whole);
  for (let at = Math.max(broken, touched); at < beyond; at++) await part(at, 1);
}

/** Bytes between the first byte of a box and the end of its last element, in the storage. */
function reachOf(axes: readonly Axis[], itemBytes: number): number {
  return axes.reduce((sum, { length, to }) => sum + (length - 1) * to, 1) * itemBytes;
}

/** A box that lies in the stretch whole: its span of the tensor is read at once where that is small, else in parts. */
async function fill(box: Painting): Promise<void> {
  const { source, itemBytes, axes, to, from, first, output, options } = box;
  const span = spanOf(axes) * itemBytes;
  if (span <= SPAN_BYTES || axes.length === 0) {
    pick(await source.read(from * itemBytes, span, options), itemBytes, axes, output, to - first);
    return;
  }
  const widest = axes.reduce((most, axis) => (axis.from > most.from ? axis : most));
  const inner = axes.filter((axis) => axis !== widest);
  const room = SPAN_BYTES - spanOf(inner) * itemBytes;
  const steps = room < 0 ? 1 : Math.min(widest.length, Math.floor(room / (widest.from * itemBytes)) + 1);
  for (let done = 0; done < widest.length; done += steps) {
    const length = Math.min(steps, widest.length - done);
    await fill({
      ...box,
      axes: length > 1 ? axes.map((axis) => (axis === widest ? { ...axis, length } : axis)) : inner,
      to: to + done * widest.to * itemBytes,
      from: from + done * widest.from,
    });
  }
}
