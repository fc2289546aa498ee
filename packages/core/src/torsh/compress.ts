import { type ByteSource, blocks, expecting, fromBytes, fromStream, locate, TorshError } from '@torsh/bytes';
import type { Context } from '../format.ts';

/** Compressed bytes up to this size are kept until they are written; longer ones are made a second time. */
const KEPT = 8 * 2 ** 20;
/** What is as large as before after this many bytes is not tried further. */
const TRIAL = 4 * 2 ** 20;

/**
 * The source with its bytes in deflate, where that is worth it: they are fewer, and a reader with the same limits takes
 * them for no bomb. A source that was deflated elsewhere stays as it is.
 */
export async function compressed(source: ByteSource, context: Context): Promise<ByteSource> {
  const { platform, limits, signal } = context;
  if (source.deflated !== undefined || source.size === 0 || source.size > limits.inflatedBytes) return source;
  const hasher = platform.sha256();
  const kept: Uint8Array[] = [];
  let size = 0;
  let taken = 0;
  const content = async function* (): AsyncGenerator<Uint8Array> {
    for await (const bytes of blocks(source, signal)) {
      taken += bytes.length;
      yield bytes;
    }
  };
  for await (const bytes of platform.deflate(content())) {
    hasher.update(bytes);
    size += bytes.length;
    if (size >= source.size || (taken >= TRIAL && size > taken * 0.95)) return source;
    if (size <= KEPT) kept.push(bytes);
    else kept.length = 0;
  }
  if (size >= source.size || source.size > size * limits.inflateRatio) return source;
  const again = (lent?: AbortSignal) => platform.deflate(blocks(source, lent));
  const whole = size <= KEPT ? fromBytes(join(kept, size)) : fromStream(size, again, changed);
  const path = source.expected?.path;
  return {
    size: source.size,
    block: source.block,
    expected: source.expected,
    read: (offset, length, options) => source.read(offset, length, options),
    locate: (options) => locate(source, options),
    deflated: expecting(whole, { sha256: hasher.digest(), path }),
  };
}

function changed(): TorshError {
  return new TorshError('io', 'A file was changed while it was being compressed. Try again.');
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
