import { type ByteSource, type Digests, digest, isTorshError, locate, type TorshError } from '@torsh/bytes';
import type { Context } from './format.ts';
import { counting } from './progress.ts';

/** What `digestEach` looks at. */
export interface DigestEachOptions {
  readonly crc32?: boolean | undefined;
  readonly sha256?: boolean | undefined;
}

/**
 * Digests sources for a verification: a source that is not what it should be, or that cannot be read because the file
 * is bad, is given to `damaged` once, has no digests, and the reading goes on.
 */
export async function digestEach(
  sources: readonly ByteSource[],
  context: Context,
  damaged: (error: TorshError) => void,
  wanted: DigestEachOptions = {},
): Promise<(Digests | undefined)[]> {
  const failed = new Set<ByteSource>();
  const fail = (source: ByteSource, error: TorshError): void => {
    if (!failed.has(source)) damaged(error);
    failed.add(source);
  };
  const guardedSources = sources.map((source) => guarded(source, fail));
  const found = await digest(guardedSources, {
    ...wanted,
    platform: context.platform,
    signal: context.signal,
    damaged: fail,
    progress: counting(context, 'verifying', sources),
  });
  return found.map((digests, index) => (failed.has(guardedSources[index]!) ? undefined : digests));
}

/** The same source; where the file is bad it gives zeros and tells. What the world does wrong is still an error. */
function guarded(source: ByteSource, fail: (source: ByteSource, error: TorshError) => void): ByteSource {
  const told = (error: unknown): void => {
    if (!isTorshError(error) || error.code === 'io') throw error;
    fail(guard, error);
  };
  const guard: ByteSource = {
    size: source.size,
    block: source.block,
    expected: source.expected,
    read: async (offset, length, options) => {
      try {
        return await source.read(offset, length, options);
      } catch (error) {
        told(error);
        return new Uint8Array(length);
      }
    },
    locate: async (options) => {
      try {
        return await locate(source, options);
      } catch (error) {
        told(error);
        return { root: guard, offset: 0 };
      }
    },
  };
  return guard;
}
