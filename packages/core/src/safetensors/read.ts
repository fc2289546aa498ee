import { type ByteSource, type Limits, locateError, slice, TorshError } from '@torsh/bytes';
import type { Tensor } from '../archive.ts';
import { type Header, parseHeader } from './header.ts';

/** How a safetensors file is read. */
export interface ReadSafetensorsOptions {
  /** Accept exactly what the reference library accepts, with a note for each thing that is refused otherwise. */
  readonly tolerant?: boolean | undefined;
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
  /** The name of the file, for errors. */
  readonly path?: string | undefined;
}

/** A safetensors file that was opened: its header was read, its tensors were not. */
export interface Safetensors {
  readonly header: Header;
  /** Where the tensors begin: the eight bytes of the length field and the JSON. */
  readonly headerBytes: number;
  /** Windows on the file, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Bytes that hold the length of the header. */
const LENGTH_BYTES = 8;

/** Opens a safetensors file by reading its length field and its header, nothing else. */
export async function readSafetensors(
  source: ByteSource,
  options: ReadSafetensorsOptions,
): Promise<Safetensors> {
  try {
    return await readHeader(source, options);
  } catch (error) {
    throw locateError(error, { format: 'safetensors', path: options.path });
  }
}

async function readHeader(source: ByteSource, options: ReadSafetensorsOptions): Promise<Safetensors> {
  const { limits, signal, tolerant } = options;
  if (source.size < LENGTH_BYTES) {
    throw new TorshError(
      'truncated',
      `The file has ${source.size} bytes; even an empty safetensors file has more than 8. Fetch the file again.`,
      { offset: source.size },
    );
  }
  const jsonBytes = headerLength(await source.read(0, LENGTH_BYTES, { signal }));
  checkHeaderLength(jsonBytes, source.size, limits);
  const headerBytes = LENGTH_BYTES + jsonBytes;
  const json = await source.read(LENGTH_BYTES, jsonBytes, { signal });
  const header = parseHeader(json, source.size - headerBytes, { limits, tolerant, base: LENGTH_BYTES });
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of header.tensors) {
    tensors.set(name, { name, dtype, shape, data: slice(source, headerBytes + begin, end - begin) });
  }
  return { header, headerBytes, tensors };
}

/** The length field of a safetensors file; `Infinity` above 2^53. */
export function headerLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  return length <= Number.MAX_SAFE_INTEGER ? length : Number.POSITIVE_INFINITY;
}

function checkHeaderLength(headerBytes: number, size: number, limits: Limits): void {
  const fits = LENGTH_BYTES + headerBytes <= size;
  if (fits && headerBytes > limits.headerBytes) {
    throw new TorshError(
      'limit',
      `The header has ${headerBytes} bytes; at most ${limits.headerBytes} are read.`,
      { offset: 0 },
    );
  }
  if (headerBytes > limits.headerBytes) {
    const claim = headerBytes === Number.POSITIVE_INFINITY ? 'more than 2^53' : headerBytes;
    throw new TorshError(
      'malformed',
      `The file begins with a header length of ${claim} bytes, but has ${size} bytes in all.`,
      {
        offset: 0,
      },
    );
  }
  if (!fits) {
    throw new TorshError(
      'truncated',
      `The file is cut off inside its header: ${LENGTH_BYTES + headerBytes - size} bytes of the header are missing, and all tensors. Fetch the file again.`,
      { offset: size },
    );
  }
}
