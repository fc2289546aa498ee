const SURROGATE = /[\ud800-\udfff]/;

/** A comparison of names by their UTF-8 bytes: what sorting by code point gives, and JavaScript's `<` does not. */
export function nameOrder(names: Iterable<string>): (a: string, b: string) => number {
  // Without surrogates UTF-16 order is the same and much faster; few models have them.
  for (const name of names) if (SURROGATE.test(name)) return byCodePoint;
  return byUnit;
}

function byUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for code points from 2^16, above the rest of the units. */
function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;
}
