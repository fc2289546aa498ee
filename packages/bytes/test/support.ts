import type { ByteSource } from '../src/index.ts';

/** Bytes that differ from place to place. */
export function numbered(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

/** The source, with a list of its reads. */
export function watched(source: ByteSource): ByteSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    ...source,
    reads,
    async read(offset, length, options) {
      reads.push([offset, length]);
      return source.read(offset, length, options);
    },
  };
}
