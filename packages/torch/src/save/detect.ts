import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openContainer } from '../zip/container.ts';
import { FIRST_RECORD_BYTES, firstRecord } from '../zip/first-record.ts';
import { kindOf } from '../zip/kind.ts';

/** Records that a writer of PyTorch's has put first, at some time. */
const FIRST_RECORDS = /^[^/]*\/(version|\.data\/version|byteorder|\.format_version)$|\/data\.pkl$/;

/** Pickles that torch.save wrote before it wrote ZIPs begin with this number, at protocol 2. */
const LEGACY_MAGIC = [
  0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
];

/** A ZIP of PyTorch's that is no other format of the family, told by its records, or by the first one where it is damaged. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const bytes = await head(source, FIRST_RECORD_BYTES, context);
  if (isLegacy(bytes))
    return { confidence: 'certain', reason: 'it begins with the magic number of the old torch.save' };
  const first = firstRecord(bytes);
  if (first === undefined) return undefined;
  const byFirst: Match | undefined = FIRST_RECORDS.test(first)
    ? { confidence: 'certain', reason: `a ZIP whose first record is ${first}` }
    : undefined;
  try {
    const kind = kindOf(await openContainer(source, context));
    if (kind === 'torchscript') return undefined;
    return kind === 'checkpoint'
      ? { confidence: 'certain', reason: 'a ZIP with a data.pkl in its one folder' }
      : byFirst;
  } catch (error) {
    if (isTorshError(error)) return byFirst;
    throw error;
  }
}

/** True for files of torch.save before 1.6, or with its ZIP turned off. */
export function isLegacy(bytes: Uint8Array): boolean {
  return LEGACY_MAGIC.every((byte, index) => bytes[index] === byte);
}
