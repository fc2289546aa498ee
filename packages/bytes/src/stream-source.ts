import { type ByteSource, checkRead } from './source.ts';

/** A position in a stream that can only move forward. */
interface Flow {
  readonly blocks: AsyncIterator<Uint8Array>;
  position: number;
  rest: Uint8Array;
}

/**
 * A source over a stream of `size` bytes that can be begun again: reading forward is one pass, reading backward starts
 * over. `wrongLength` gives the error of a stream that ends after `found` bytes, or goes on behind the last one.
 */
export function fromStream(
  size: number,
  begin: (signal?: AbortSignal) => AsyncIterable<Uint8Array>,
  wrongLength: (found: number) => unknown,
): ByteSource {
  let flow: Flow | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  /** Takes the next bytes of the flow, at most `length`; none at its end. */
  const take = async (current: Flow, length: number): Promise<Uint8Array> => {
    while (current.rest.length === 0) {
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
      flow = { blocks: begin(signal)[Symbol.asyncIterator](), position: 0, rest: new Uint8Array(0) };
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
      // What comes after the last byte is a lie about the size.
      if (current.position === size && (await take(current, 1)).length > 0) throw wrongLength(size + 1);
    } catch (error) {
      flow = undefined;
      await current.blocks.return?.().catch(() => undefined);
      throw error;
    }
    return result;
  };

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
