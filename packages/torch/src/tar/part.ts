import { type ByteSource, locateError, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { isKind, type Pickle, type PickleValue } from '@torsh/pickle';
import { integer } from '../object/arguments.ts';
import { type Resolve, type StreamReader, streamReader } from '../stream/reader.ts';

/** One file of the tar, read front to back. What is wrong with it is wrong in it, at the pickle that was read last. */
export interface Part {
  readonly path: string;
  readonly source: ByteSource;
  readonly reader: StreamReader;
  /** All pickles that were read. */
  readonly pickles: readonly Pickle[];
  next(resolving?: () => Resolve): Promise<Pickle>;
  /** The items of a tuple of at least so many. */
  tuple(least: number, what: string): Promise<readonly PickleValue[]>;
  /** How many of something there are, before they come one by one. */
  total(what: string): Promise<number>;
  /** Does something with what was read last; errors get its place. */
  check<T>(work: () => T): T;
}

export function partOf(source: ByteSource, path: string, context: Context): Part {
  const reader = streamReader(source, path, context);
  const pickles: Pickle[] = [];
  let last = 0;
  const check = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw locateError(error, { path, offset: last });
    }
  };
  const next = async (resolving?: () => Resolve): Promise<Pickle> => {
    last = reader.position;
    const pickle = await reader.pickle(resolving);
    pickles.push(pickle);
    return pickle;
  };
  return {
    path,
    source,
    reader,
    pickles,
    next,
    check,
    async tuple(least, what) {
      const { value } = await next();
      if (isKind(value, 'tuple') && value.items.length >= least) return value.items;
      throw new TorshError('malformed', `${what} is not said as it should be.`, { path, offset: last });
    },
    async total(what) {
      const { value } = await next();
      const { entries } = context.limits;
      const total = check(() => integer(value, `The number of ${what}`));
      if (total >= 0 && total <= entries) return total;
      const message = `The file has ${total} ${what}; at most ${entries} are read (limit entries).`;
      throw new TorshError(total < 0 ? 'malformed' : 'limit', message, { path, offset: last });
    },
  };
}
