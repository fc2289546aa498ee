import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openContainer } from '../zip/container.ts';
import { FIRST_RECORD_BYTES, firstRecord } from '../zip/first-record.ts';
import { kindOf } from '../zip/kind.ts';

/** A ZIP of PyTorch's with the records that only TorchScript writes. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  if (firstRecord(await head(source, FIRST_RECORD_BYTES, context)) === undefined) return undefined;
  try {
    const container = await openContainer(source, context);
    if (kindOf(container) !== 'torchscript') return undefined;
    const mark = container.has('constants.pkl') ? 'constants.pkl' : 'model.json';
    return { confidence: 'certain', reason: `a ZIP with a ${mark} in its one folder` };
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}
