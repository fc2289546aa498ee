import { type ByteSource, blocks, checkRead, locateError, TorshError } from '@torsh/bytes';
import type { ZipEntry } from './directory.ts';
import type { EntryOptions } from './entry.ts';

/** A position in a stream that can only move forward. */
interface Flow {
  readonly blocks: AsyncIterator<Uint8Array>;
  position: number;
  rest: Uint8Array;
}

/** The inflated bytes of a deflated entry. Reading forward is one pass; reading backward starts again. */
export function inflated(raw: ByteSource, entry: ZipEntry, { limits, platform }: EntryOptions): ByteSource {
  const { path, offset: at, size, compressedSize } = entry;
  if (size > limits.inflatedBytes || size > Math.max(compressedSize, 1) * limits.inflateRatio + 1024) {
    throw new TorshError(
      'limit',
      `The ZIP entry ${JSON.stringify(path)} has ${compressedSize} bytes and claims to become ${size}: it may be a compression bomb (limits inflateRatio and inflatedBytes).`,
      { path, offset: at },
    );
  }
  let flow: Flow | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const begin = (signal?: AbortSignal): Flow => ({
    blocks: platform.inflate(blocks(raw, signal))[Symbol.asyncIterator](),
    position: 0,
    rest: new Uint8Array(0),
  });

  /** Takes the next bytes of the flow, at most `length`; none at its end. */
  const take = async (current: Flow, length: number): Promise<Uint8Array> => {
    if (current.rest.length === 0) {
      const { done, value } = await current.blocks.next();
      if (done === true) return new Uint8Array(0);
      current.rest = value;
    }
    const part = current.rest.subarray(0, length);
    current.rest = current.rest.subarray(part.length);
    current.position += part.length;
    return part;
  };

  const read = async (offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> => {
    if (flow === undefined || flow.position > offset) {
      await flow?.blocks.return?.();
      flow = begin(signal);
    }
    const current = flow;
    const result = new Uint8Array(length);
    try {
      while (current.position < offset + length) {
        const start = current.position;
        const part = await take(current, offset + length - start);
        if (part.length === 0) throw wrongLength(current.position);
        if (current.position > offset)
          result.set(part.subarray(Math.max(0, offset - start)), Math.max(0, start - offset));
      }
      // What comes after the last byte that the directory knows is a lie about the size.
      if (current.position === size && (await take(current, 1)).length > 0) throw wrongLength(size + 1);
    } catch (error) {
      flow = undefined;
      await current.blocks.return?.().catch(() => undefined);
      throw locateError(error, { path, offset: at });
    }
    return result;
  };

  const wrongLength = (found: number) =>
    new TorshError(
      'malformed',
      `The ZIP entry ${JSON.stringify(path)} should inflate to ${size} bytes, but ${found > size ? 'gives more' : `gives ${found}`}.`,
      {
        path,
        offset: at,
      },
    );

  return {
    size,
    read(offset, length, options) {
      const turn = queue.then(() => {
        checkRead(size, offset, length, options);
        return length === 0 ? new Uint8Array(0) : read(offset, length, options?.signal);
      });
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
