import { type ByteSource, isTorshError, locateError, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { type InterpretOptions, interpret, type Pickle } from '@torsh/pickle';

/**
 * Reads a file that is a row of pickles, numbers and raw bytes, front to back. Nobody says how long a pickle is before
 * it has been read, and gigabytes may lie behind it: a window on the file grows until the pickle ends in it.
 */
export interface StreamReader {
  /** The byte of the file that comes next. */
  readonly position: number;
  /** One pickle; all offsets in it are those of the file. `resolving` is asked for a `resolve` at each try. */
  pickle(resolving?: () => Resolve): Promise<Pickle>;
  /** An integer of 64 bits, as a number: `malformed` if it is negative or above 2^53. */
  count(what: string): Promise<number>;
  /** Some bytes, few enough for memory. */
  bytes(length: number): Promise<Uint8Array>;
  /** Passes over bytes without reading them. */
  skip(length: number): void;
}

/** What persistent ids mean: see `InterpretOptions`. */
export type Resolve = NonNullable<InterpretOptions['resolve']>;

/** What is taken at first: few files have longer pickles. */
const FRONT = 2 ** 20;
/** What is taken at once where the next things are near. */
const NEAR = 64 * 1024;
/** A disk reads pages of this size whatever is asked for, so gaps up to it are read along. */
const PAGE = 4096;
/** What is taken behind a larger gap. */
const FAR = 512;
/** By how much a window grows: what is interpreted in vain is then a third of the pickle at most. */
const GROWTH = 4;

/** A reader from the first byte of a source; errors name `path`. */
export function streamReader(source: ByteSource, path: string, context: Context): StreamReader {
  const { limits } = context;
  let position = 0;
  let window: Uint8Array = new Uint8Array(0);
  let base = 0;
  let ahead = FRONT;

  /** Makes the window hold the `length` bytes from here on, and some more where the file has them. */
  const reach = async (length: number): Promise<void> => {
    context.signal.throwIfAborted();
    if (length > source.size - position) {
      throw new TorshError(
        'truncated',
        `${length} bytes are needed at byte ${position}, but the file ends at byte ${source.size}. It is not complete.`,
        { path, offset: position },
      );
    }
    const held = base + window.length - position;
    if (length <= held) return;
    const wanted = Math.min(source.size - position, Math.max(length, ahead));
    const grown = new Uint8Array(wanted);
    if (held > 0) grown.set(window.subarray(position - base));
    const from = Math.max(held, 0);
    grown.set(await source.read(position + from, wanted - from, context), from);
    window = grown;
    base = position;
    ahead = NEAR;
  };

  const take = async (length: number): Promise<Uint8Array> => {
    await reach(length);
    const from = position - base;
    position += length;
    return window.subarray(from, from + length);
  };

  return {
    get position() {
      return position;
    },
    async pickle(resolving) {
      const longest = Math.min(source.size - position, limits.pickleBytes + 1);
      await reach(Math.min(1, longest));
      for (;;) {
        const offset = position - base;
        const held = window.length - offset;
        try {
          const pickle = shifted(
            interpret(window, limits, { offset, resolve: told(resolving?.(), base) }),
            base,
          );
          position = pickle.end;
          return pickle;
        } catch (error) {
          if (!isTorshError(error, 'truncated') || held >= longest) throw moved(error, base, path);
        }
        await reach(Math.min(longest, Math.max(held * GROWTH, ahead)));
      }
    },
    async count(what) {
      const at = position;
      const bytes = await take(8);
      const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
      if (value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
      throw new TorshError('malformed', `${what} is ${value}, which is beyond any real file.`, {
        path,
        offset: at,
      });
    },
    bytes: take,
    skip(length) {
      position += length;
      if (position <= base + window.length) return;
      ahead = length <= PAGE ? NEAR : FAR;
    },
  };
}

/** Tells a `resolve` where in the file it is, and not where in the window. */
function told(resolve: Resolve | undefined, base: number): Resolve {
  return (id, offset) => resolve?.(id, base + offset);
}

/** The same pickle as it lies `by` bytes further on. */
function shifted(pickle: Pickle, by: number): Pickle {
  if (by === 0) return pickle;
  const shift = <T extends { readonly offset: number }>(each: T): T => ({
    ...each,
    offset: each.offset + by,
  });
  return {
    ...pickle,
    end: pickle.end + by,
    globals: pickle.globals.map(shift),
    notes: pickle.notes.map(shift),
  };
}

function moved(error: unknown, by: number, path: string): unknown {
  if (by === 0 || !isTorshError(error) || error.offset === undefined) return locateError(error, { path });
  const { code, message, offset } = error;
  const said = message.replace(`(byte ${offset} of`, `(byte ${offset + by} of`);
  return new TorshError(code, said, { path, offset: offset + by, cause: error });
}
