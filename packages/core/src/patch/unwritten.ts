import { type ByteSink, type ByteSource, checkRead, digest } from '@torsh/bytes';

/** A sink that keeps what it is told instead of writing it, and gives it back as a file. */
export interface UnwrittenFile {
  readonly sink: ByteSink;
  /** The file that would have been written. Sources that were transferred are read again when it is. */
  source(): ByteSource;
}

interface Piece {
  readonly start: number;
  readonly source: ByteSource;
}

/**
 * Lets a writer say what a file would be without writing it: literal bytes are kept, and sources, which are nearly all of
 * it, only remembered.
 */
export function unwrittenFile(): UnwrittenFile {
  const pieces: Piece[] = [];
  let position = 0;
  const add = (source: ByteSource): void => {
    if (source.size > 0) pieces.push({ start: position, source });
    position += source.size;
  };
  return {
    sink: {
      get position() {
        return position;
      },
      async write(bytes) {
        add(kept(bytes.slice()));
      },
      async transfer(sources, options) {
        const digests = await digest(sources, options);
        for (const source of sources) add(source);
        return digests;
      },
      async close() {},
      async abort() {},
    },
    source: () => joined(pieces, position),
  };
}

function kept(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Pieces one behind the other; the one that is wanted is found by halving, because there may be many. */
function joined(pieces: readonly Piece[], size: number): ByteSource {
  const at = (offset: number): number => {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    size,
    async read(offset, length, options) {
      checkRead(size, offset, length, options);
      const result = new Uint8Array(length);
      let index = length === 0 ? pieces.length : at(offset);
      for (let done = 0; done < length; index++) {
        const { start, source } = pieces[index]!;
        const from = offset + done - start;
        const count = Math.min(length - done, source.size - from);
        result.set(await source.read(from, count, options), done);
        done += count;
      }
      return result;
    },
  };
}
