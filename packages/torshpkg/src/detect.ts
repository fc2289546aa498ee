import { isTorshError } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { openZip } from '@torsh/zip';
import { MANIFEST } from './layout.ts';

const NAME_AT = 30;

/** The crate writes its manifest first; archives that were packed again are known by their directory. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const bytes = await head(source, NAME_AT + MANIFEST.length + 1, context);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 3 || bytes[3] !== 4) return undefined;
  const name = new TextDecoder().decode(bytes.subarray(NAME_AT, NAME_AT + MANIFEST.length));
  const nameBytes = bytes[26]! + bytes[27]! * 256;
  if (name === MANIFEST && nameBytes === MANIFEST.length)
    return { confidence: 'certain', reason: `a ZIP whose first entry is ${MANIFEST}` };
  try {
    const zip = await openZip(source, { ...context, strictness: 'tolerant' });
    if (!zip.entries.has(MANIFEST)) return undefined;
    return { confidence: 'likely', reason: `a ZIP with an entry ${MANIFEST}` };
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}
