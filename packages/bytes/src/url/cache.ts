/** Bytes that were fetched, and where they belong. */
interface Chunk {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Remembers the parts of a file that were used last, within a bound. */
export interface ChunkCache {
  add(start: number, bytes: Uint8Array): void;
  /** As many bytes as are known from `start` on, up to `end`. */
  from(start: number, end: number): Uint8Array | undefined;
  /** As many bytes as are known right before `end`, down to `start`. */
  before(start: number, end: number): Uint8Array | undefined;
}

/** Chunks in the order of their last use; those used longest ago go first. */
export function chunkCache(bound: number): ChunkCache {
  const chunks = new Set<Chunk>();
  let held = 0;
  const holding = (at: number): Chunk | undefined => {
    for (const chunk of chunks) {
      if (chunk.start > at || at >= chunk.start + chunk.bytes.length) continue;
      chunks.delete(chunk);
      chunks.add(chunk);
      return chunk;
    }
    return undefined;
  };
  return {
    add(start, bytes) {
      if (bytes.length === 0 || bytes.length > bound / 4) return;
      chunks.add({ start, bytes });
      held += bytes.length;
      for (const oldest of chunks) {
        if (held <= bound) break;
        chunks.delete(oldest);
        held -= oldest.bytes.length;
      }
    },
    from(start, end) {
      const chunk = holding(start);
      return chunk?.bytes.subarray(start - chunk.start, end - chunk.start);
    },
    before(start, end) {
      const chunk = holding(end - 1);
      return chunk?.bytes.subarray(Math.max(0, start - chunk.start), end - chunk.start);
    },
  };
}
