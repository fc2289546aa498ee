import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { BLOCK, membersOf, parseHeader } from './members.ts';

/** The files that such a tar must have; `sys_info` comes first where torch wrote it. */
export const PARTS = ['pickle', 'tensors', 'storages'] as const;

/** A tar with the three files in it that torch 0.1 kept a checkpoint in. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined || source.size < BLOCK) return undefined;
  try {
    const first = parseHeader(await head(source, BLOCK, context), 0);
    if (first?.name === 'sys_info')
      return { confidence: 'certain', reason: 'a tar whose first file is sys_info' };
    if (first === undefined) return undefined;
    const few = { ...context, limits: { ...context.limits, entries: 16 } };
    const members = await membersOf(source, few);
    return PARTS.every((part) => members.has(part))
      ? { confidence: 'certain', reason: `a tar of ${PARTS.join(', ')}` }
      : undefined;
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}
