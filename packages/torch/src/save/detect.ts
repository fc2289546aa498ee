import { cursor, decodeUtf8, isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openContainer } from '../zip/container.ts';

/** Records that a writer of PyTorch's has put first, at some time. */
const FIRST_RECORDS = /^[^/]*\/(version|\.data\/version|byteorder|\.format_version)$|\/data\.pkl$/;

/** Pickles that torch.save wrote before it wrote ZIPs begin with this number, at protocol 2. */
const LEGACY_MAGIC = [
  0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
];

/** A ZIP of PyTorch's, told by its first record, or by its directory where someone has packed it again. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const bytes = await head(source, 512, context);
  if (isLegacy(bytes))
    return { confidence: 'certain', reason: 'it begins with the magic number of the old torch.save' };
  const first = firstName(bytes);
  if (first === undefined) return undefined;
  if (FIRST_RECORDS.test(first))
    return { confidence: 'certain', reason: `a ZIP whose first record is ${first}` };
  if (!/^[^/]*\//.test(first)) return undefined;
  try {
    const { has } = await openContainer(source, context);
    return has('data.pkl')
      ? { confidence: 'certain', reason: 'a ZIP with a data.pkl in its one folder' }
      : undefined;
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}

/** True for files of torch.save before 1.6, or with its ZIP turned off. */
export function isLegacy(bytes: Uint8Array): boolean {
  return LEGACY_MAGIC.every((byte, index) => bytes[index] === byte);
}

/** The name in the local header at the very start, which is the only place where torch looks. */
function firstName(bytes: Uint8Array): string | undefined {
  if (bytes.length < 30) return undefined;
  const from = cursor(bytes);
  if (from.u32() !== 0x04034b50) return undefined;
  from.skip(22);
  const length = from.u16();
  return decodeUtf8(bytes.subarray(30, 30 + length));
}
