import { decodeUtf8 } from '@torsh/bytes';
import type { Context, Input, Match } from '../format.ts';
import { entrySource, head } from '../input.ts';
import { INFO_PATH } from './layout.ts';

const LOCAL_HEADER = 30;
const NAME_AT = LOCAL_HEADER;
const TEXT_AT = NAME_AT + INFO_PATH.length;

/** A .torsh file says so in its first entry, at a fixed place. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const bytes = await head(source, TEXT_AT + 10, context);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 3 || bytes[3] !== 4) return undefined;
  if (decodeUtf8(bytes.subarray(NAME_AT, TEXT_AT)) !== INFO_PATH) return undefined;
  if (!decodeUtf8(bytes.subarray(TEXT_AT))?.startsWith('torsh ')) return undefined;
  return { confidence: 'certain', reason: `a ZIP whose first entry is ${INFO_PATH}` };
}
