import { isTorshError, locateError, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { interpret, type Pickle } from '@torsh/pickle';
import { type Nests, nests } from '../object/nests.ts';
import { joblib } from './joblib.ts';

/** All pickles of a file, one behind the other. */
export interface Pickles {
  readonly objects: readonly Pickle[];
  /** Pickles that lie within them, between their opcodes. */
  readonly inner: readonly Pickle[];
  /** Files of torch.save that lie within them. */
  readonly nests: Nests;
  /** The first byte that is no pickle any more. */
  readonly end: number;
}

/** Reads pickles up to the end, or up to bytes that are none: `pickle.dump` may be called on one file many times. */
export function readPickles(bytes: Uint8Array, path: string, { limits }: Context): Pickles {
  const nested = nests(bytes, path, limits);
  const { called } = nested;
  const { built, pickles: inner } = joblib(bytes, limits, { called });
  const objects: Pickle[] = [];
  let end = 0;
  do {
    if (objects.length >= limits.entries) {
      const message = `There are more than ${limits.entries} pickles in the file (limit entries).`;
      throw new TorshError('limit', message, { path, offset: end });
    }
    const found = inner.length;
    try {
      const pickle = interpret(bytes, limits, { offset: end, called, built });
      objects.push(pickle);
      end = pickle.end;
    } catch (error) {
      // What follows a whole pickle need not be one; but what goes over a limit might be.
      const other = isTorshError(error, 'malformed', 'truncated', 'unsupported');
      if (objects.length === 0 || !other) throw locateError(error, { path });
      return { objects, inner: inner.slice(0, found), nests: nested, end };
    }
  } while (end < bytes.length);
  return { objects, inner, nests: nested, end };
}
