import type { Checking } from './checking.ts';
import { inside, type Place } from './place.ts';

/** How many elements a shape has; `undefined` where it is no shape. */
export function countElements(dims: readonly number[], place: Place, checking: Checking): number | undefined {
  const negative = dims.find((dim) => dim < 0);
  if (negative !== undefined) {
    checking.found('data-shape', inside(place, 'dims'), `The dimension ${negative} is negative.`);
    return undefined;
  }
  // The product is taken from the left, and a zero that comes later does not mend it: that is how the checker counts.
  let elements = 1n;
  for (const dim of dims) {
    elements *= BigInt(dim);
    if (elements >= 2n ** 63n) {
      checking.found('data-shape', inside(place, 'dims'), 'The dimensions multiply to 2^63 or more.');
      return undefined;
    }
    if (elements === 0n) return 0;
  }
  return Number(elements);
}
