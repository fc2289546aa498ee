import { type ByteSource, cursor, decodeUtf8, type Limits, type ReadOptions, TorshError } from '@torsh/bytes';
import { checkFlags } from './directory.ts';
import { DEFLATED, LOCAL_HEADER, LOCAL_HEADER_BYTES, MAX32, STORED, ZIP64_EXTRA } from './layout.ts';

/** The header before the bytes of an entry, read without a directory that could confirm it. */
export interface LocalHeader {
  readonly path: string;
  readonly flags: number;
  /** The DOS date and time. */
  readonly modified: number;
  readonly method: 'stored' | 'deflate';
  readonly crc32: number;
  /** As the header has them: writers that know them later put zeros here. */
  readonly size: number;
  readonly compressedSize: number;
  /** Where the bytes of the entry begin. */
  readonly start: number;
}

/** The local header at a place; `undefined` where there is none, or not all of it. */
export async function readLocalHeader(
  zip: ByteSource,
  offset: number,
  options: ReadOptions & { readonly limits: Limits },
): Promise<LocalHeader | undefined> {
  if (offset + LOCAL_HEADER_BYTES > zip.size) return undefined;
  const from = cursor(await zip.read(offset, LOCAL_HEADER_BYTES, options), offset);
  if (from.u32() !== LOCAL_HEADER) return undefined;
  from.skip(2);
  const [flags, method] = [from.u16(), from.u16()];
  const modified = from.u32();
  const crc32 = from.u32();
  const short = { compressedSize: from.u32(), size: from.u32() };
  const [nameBytes, extraBytes] = [from.u16(), from.u16()];
  if (nameBytes > options.limits.nameBytes) return undefined;
  const start = offset + LOCAL_HEADER_BYTES + nameBytes + extraBytes;
  if (start > zip.size) return undefined;
  const rest = await zip.read(offset + LOCAL_HEADER_BYTES, nameBytes + extraBytes, options);
  const path = decodeUtf8(rest.subarray(0, nameBytes));
  if (path === undefined) return undefined;
  checkFlags(flags, { path, offset });
  if (method !== STORED && method !== DEFLATED) {
    throw new TorshError(
      'unsupported',
      `The ZIP entry ${JSON.stringify(path)} is compressed by method ${method}; only stored and deflated entries are read.`,
      { path, offset },
    );
  }
  const sizes = wideSizes(rest.subarray(nameBytes), short);
  return { path, flags, modified, method: method === STORED ? 'stored' : 'deflate', crc32, ...sizes, start };
}

interface Sizes {
  readonly size: number;
  readonly compressedSize: number;
}

/**
 * The sizes of a ZIP64 field, where there is one: behind short fields that say so, or behind zeros, as PyTorch's writer
 * has it (with a zero for the compressed size).
 */
function wideSizes(extra: Uint8Array, short: Sizes): Sizes {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  const u64 = (at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) !== ZIP64_EXTRA || length < 16 || at + 4 + length > extra.length) continue;
    if (short.size === MAX32 || short.compressedSize === MAX32 || short.size + short.compressedSize === 0) {
      return { size: u64(at + 4), compressedSize: u64(at + 12) };
    }
  }
  return short;
}
