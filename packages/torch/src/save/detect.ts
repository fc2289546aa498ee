import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openContainer } from '../zip/container.ts';
import { FIRST_RECORD_BYTES, firstRecord } from '../zip/first-record.ts';
import { kindOf } from '../zip/kind.ts';

/** Records that a writer of PyTorch's has put first, at some time. */
const FIRST_RECORDS = /^[^/]*\/(version|\.data\/version|byteorder|\.format_version)$|\/data\.pkl$/;

/** A ZIP of PyTorch's that is no other format of the family, told by its records, or by the first one where it is damaged. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const bytes = await head(source, FIRST_RECORD_BYTES, context);
  const first = firstRecord(bytes);
  if (first === undefined) return undefined;
  const byFirst: Match | undefined = FIRST_RECORDS.test(first)
    ? { confidence: 'certain', reason: `a ZIP whose first record is ${first}` }
    : undefined;
  try {
    const kind = kindOf(await openContainer(source, context));
    if (kind !== undefined && kind !== 'checkpoint') return undefined;
    return kind === 'checkpoint'
      ? { confidence: 'certain', reason: 'a ZIP with a data.pkl in its one folder' }
      : byFirst;
  } catch (error) {
    if (isTorshError(error)) return byFirst;
    throw error;
  }
}
