/** A damaged copy of a file. */
export interface Mutation {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** How thorough the mutations are. */
export interface MutationOptions {
  /** Files up to this size are mutated at every byte. */
  readonly everyByteUpTo?: number | undefined;
  /** About how many places of a larger file are tried: all of its first and last KiB, the rest at a stride. */
  readonly places?: number | undefined;
}

const EDGE = 1024;
/** All bits, the lowest, the highest: each place gets one of them. */
const MASKS = [0xff, 0x01, 0x80];

/** The places that are mutated; the same ones in every run. */
export function placesOf(size: number, options: MutationOptions = {}): number[] {
  const { everyByteUpTo = 3 * 1024, places = 3 * 1024 } = options;
  const middle = size - 2 * EDGE;
  const stride = size <= everyByteUpTo ? 1 : Math.max(1, Math.ceil(middle / Math.max(1, places - 2 * EDGE)));
  const found: number[] = [];
  for (let at = 0; at < size; ) {
    found.push(at);
    at += at < EDGE || at >= size - EDGE ? 1 : Math.min(stride, size - EDGE - at);
  }
  return found;
}

/** The file cut off at every place. */
export function* truncations(bytes: Uint8Array, options?: MutationOptions): Generator<Mutation> {
  for (const at of placesOf(bytes.length, options))
    yield { what: `cut off at ${at}`, bytes: bytes.slice(0, at) };
}

/** The file with one byte changed, at every place. */
export function* flips(bytes: Uint8Array, options?: MutationOptions): Generator<Mutation> {
  const places = placesOf(bytes.length, options);
  for (const [index, at] of places.entries()) {
    const mask = MASKS[index % MASKS.length]!;
    const copy = bytes.slice();
    copy[at]! ^= mask;
    yield { what: `byte ${at} flipped by 0x${mask.toString(16)}`, bytes: copy };
  }
}
