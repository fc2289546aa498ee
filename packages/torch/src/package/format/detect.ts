import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openContainer } from '../../zip/container.ts';
import { FIRST_RECORD_BYTES, firstRecord } from '../../zip/first-record.ts';
import { kindOf } from '../../zip/kind.ts';
import { EXTERN_MODULES } from '../read/records.ts';

/** Records that torch's exporter puts first, and that no other writer of PyTorch's does. */
const FIRST_RECORDS = /^[^/]*\/\.data\/(\d+\.storage|extern_modules|ts_code\/.*)$/;

/** A ZIP of PyTorch's with the list of extern modules, or a folder that one was unzipped into. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  let first: string | undefined;
  try {
    const source = await entrySource(input, context);
    if (source === undefined) {
      const there = await input.files.open(EXTERN_MODULES, context);
      return there === undefined
        ? undefined
        : { confidence: 'certain', reason: `a folder with ${EXTERN_MODULES}` };
    }
    first = firstRecord(await head(source, FIRST_RECORD_BYTES, context));
    if (first === undefined) return undefined;
    const kind = kindOf(await openContainer(source, context));
    if (kind === 'package')
      return { confidence: 'certain', reason: `a ZIP with ${EXTERN_MODULES} in its one folder` };
    // Without its list of extern modules, which is written last, it is a package that was never finished: reading it says so.
    return kind === undefined ? byFirst(first) : undefined;
  } catch (error) {
    if (!isTorshError(error)) throw error;
    // One that was cut off has no directory: reading it says so.
    return first === undefined ? undefined : byFirst(first);
  }
}

function byFirst(record: string): Match | undefined {
  if (!FIRST_RECORDS.test(record)) return undefined;
  return { confidence: 'certain', reason: `a ZIP whose first record is ${record}` };
}
