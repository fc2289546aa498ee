import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openContainer, openFlatContainer } from '../zip/container.ts';
import { FIRST_RECORD_BYTES, firstName } from '../zip/first-record.ts';
import { kindOf } from '../zip/kind.ts';
import { FLAT_PROGRAM } from './layout.ts';

/** A ZIP of PyTorch's with the record `archive_format`, or a plain one with a serialized program at its top. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const first = firstName(await head(source, FIRST_RECORD_BYTES, context));
  if (first === undefined) return undefined;
  if (first === FLAT_PROGRAM) return certain(`a ZIP whose first record is ${first}`);
  try {
    if (!first.includes('/')) {
      const { has } = await openFlatContainer(source, context);
      return has(FLAT_PROGRAM) ? certain(`a ZIP with a ${FLAT_PROGRAM}`) : undefined;
    }
    const kind = kindOf(await openContainer(source, context));
    return kind === 'export' ? certain('a ZIP with an archive_format in its one folder') : undefined;
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}

function certain(reason: string): Match {
  return { confidence: 'certain', reason };
}
