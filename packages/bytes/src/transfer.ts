import { TorshError } from './errors.ts';
import type { Platform } from './platform.ts';
import type { ByteSink } from './sink.ts';
import type { ByteSource, Expected } from './source.ts';

/** What was found while bytes were copied. A digest that nobody asked for and nobody expects is left out. */
export interface Digests {
  readonly crc32?: number | undefined;
  readonly sha256?: string | undefined;
}

/** What a copy is lent, and which digests are wanted of each source. */
export interface TransferOptions {
  readonly platform: Platform;
  readonly signal?: AbortSignal | undefined;
  readonly crc32?: boolean | undefined;
  readonly sha256?: boolean | undefined;
  /** Called with the number of bytes copied since the last call. */
  progress?(bytes: number): void;
  /** Called for a source whose bytes are not what it expects; throws the error where absent. */
  damaged?(source: ByteSource, error: TorshError): void;
}

/** Blocks of this size stay in a core's own cache between the read, the digests and the write; larger ones cost double. */
export const BLOCK: number = 256 * 1024;

/** Appends whole sources to a sink and gives their digests, compared with what each source expects. */
export async function transfer(
  sources: readonly ByteSource[],
  sink: ByteSink,
  options: TransferOptions,
): Promise<Digests[]> {
  if (sink.transfer !== undefined) return sink.transfer(sources, options);
  const digests: Digests[] = [];
  for (const source of sources) {
    const found = await digestBlocks(source, options, (bytes) => sink.write(bytes));
    digests.push(found);
  }
  return digests;
}

/** Reads whole sources without keeping them, and gives their digests, compared with what each expects. */
export async function digest(sources: readonly ByteSource[], options: TransferOptions): Promise<Digests[]> {
  if (options.platform.digest !== undefined) return options.platform.digest(sources, options);
  const found: Digests[] = [];
  for (const source of sources) found.push(await digestBlocks(source, options));
  return found;
}

/** Reads one source block by block, gives each block away, and sums it. The heart of every plain copy. */
export async function digestBlocks(
  source: ByteSource,
  options: TransferOptions,
  take?: (bytes: Uint8Array) => Promise<void>,
): Promise<Digests> {
  const { platform, signal } = options;
  const wantCrc = options.crc32 === true || source.expected?.crc32 !== undefined;
  const hasher =
    options.sha256 === true || source.expected?.sha256 !== undefined ? platform.sha256() : undefined;
  let crc = 0;
  for await (const bytes of blocks(source, signal)) {
    hasher?.update(bytes);
    if (wantCrc) crc = platform.crc32(bytes, crc);
    await take?.(bytes);
    options.progress?.(bytes.length);
  }
  const found = { crc32: wantCrc ? crc : undefined, sha256: hasher?.digest() };
  compareDigests(source, found, options);
  return found;
}

/** The bytes of a source, block by block; a block is valid until the next one. */
export async function* blocks(source: ByteSource, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const size = source.block ?? BLOCK;
  for (let offset = 0; offset < source.size; offset += size) {
    signal?.throwIfAborted();
    yield await source.read(offset, Math.min(size, source.size - offset), { signal });
  }
}

/** Reports a source whose digests are not the expected ones. */
export function compareDigests(
  source: ByteSource,
  found: Digests,
  options: Pick<TransferOptions, 'damaged'>,
): void {
  const error = digestError(source.expected, found);
  if (error === undefined) return;
  if (options.damaged === undefined) throw error;
  options.damaged(source, error);
}

function digestError(expected: Expected | undefined, found: Digests): TorshError | undefined {
  if (expected === undefined) return undefined;
  const name = expected.path ?? 'this part';
  const place = { path: expected.path };
  if (expected.crc32 !== undefined && found.crc32 !== expected.crc32) {
    return new TorshError(
      'malformed',
      `The bytes of ${name} are damaged: their CRC-32 is ${hex(found.crc32)}, the file says ${hex(expected.crc32)}. Fetch the file again.`,
      place,
    );
  }
  if (expected.sha256 !== undefined && found.sha256 !== expected.sha256) {
    return new TorshError(
      'malformed',
      `The bytes of ${name} are not those that were recorded: their SHA-256 is ${found.sha256}, the record says ${expected.sha256}.`,
      place,
    );
  }
  return undefined;
}

function hex(crc: number | undefined): string {
  return (crc ?? 0).toString(16).padStart(8, '0');
}
