import type { ByteSource, Digests, TransferOptions } from '@torsh/bytes';
import { moveSources, WORTH_THREADS } from './transfer.ts';
import { crew, threads } from './transfer-crew.ts';

/** `digest` of `@torsh/bytes` by several threads, where the bytes lie in files of ours. */
export async function digestInParallel(
  sources: readonly ByteSource[],
  options: TransferOptions,
): Promise<Digests[]> {
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  if (total < WORTH_THREADS || threads() === 1) return moveSources(sources, options, undefined);
  const helpers = crew(threads() - 1);
  try {
    return await moveSources(sources, options, helpers);
  } finally {
    await helpers.dismiss();
  }
}
