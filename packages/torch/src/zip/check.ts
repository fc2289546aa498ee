import type { TorshError } from '@torsh/bytes';
import { type Context, digestEach, entrySource, type Input } from '@torsh/core';
import { openFlatContainer } from './container.ts';

/** Reads every record and compares it with its check sum: torch itself never does. */
export async function check(
  input: Input,
  context: Context,
  damaged: (error: TorshError) => void,
): Promise<void> {
  const source = (await entrySource(input, context))!;
  const { zip } = await openFlatContainer(source, context);
  const sources = [...zip.entries.values()].map((entry) => zip.source(entry));
  await digestEach(sources, context, damaged);
}
