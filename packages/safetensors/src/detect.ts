import { type ByteSource, defaultLimits } from '@torsh/bytes';
import { type Context, entrySource, head, headerLength, type Input, type Match } from '@torsh/core';
import { candidates } from './locate.ts';
import { INDEX_SUFFIX, SUFFIX } from './names.ts';

/** A header may begin with white space, up to a page of it, so that data can be aligned. */
const LOOKED_AT = 8 + 4096;
const OPEN = 0x7b;
const QUOTE = 0x22;
const CLOSE = 0x7d;

/** Recognises files by their first bytes, files that are damaged by their name too, and folders by their names. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return detectFolder(input, context);
  const path = input.entry!;
  if (path.endsWith(INDEX_SUFFIX)) return detectIndex(source, context);
  return detectFile(await head(source, LOOKED_AT, context), path.endsWith(SUFFIX), context);
}

async function detectFolder(input: Input, context: Context): Promise<Match | undefined> {
  const { indexes, files } = await candidates(input.files, context);
  const path = indexes[0] ?? files[0];
  return path === undefined ? undefined : { confidence: 'likely', reason: `the folder has ${path}` };
}

async function detectIndex(source: ByteSource, context: Context): Promise<Match | undefined> {
  const bytes = await head(source, 64, context);
  if (bytes[afterSpace(bytes, 0)] !== OPEN) return undefined;
  return { confidence: 'certain', reason: `its name ends in ${INDEX_SUFFIX} and it is a JSON object` };
}

function detectFile(bytes: Uint8Array, named: boolean, context: Context): Match | undefined {
  const broken: Match = { confidence: 'likely', reason: `its name ends in ${SUFFIX}` };
  // An empty file is better described by whoever describes strangers.
  if (bytes.length < 8) return named && bytes.length > 0 ? broken : undefined;
  // A header above the limit must be claimed, so that the limit is what the person reads of.
  const plausible = headerLength(bytes) <= Math.max(defaultLimits.headerBytes, context.limits.headerBytes);
  const object = beginsHeader(bytes);
  if (plausible && object)
    return { confidence: 'certain', reason: 'a header length and a JSON object behind it' };
  return named && (plausible || object) ? broken : undefined;
}

/** True for `{"` and `{}` behind the length field; white space may stand between. */
function beginsHeader(bytes: Uint8Array): boolean {
  const open = afterSpace(bytes, 8);
  if (bytes[open] !== OPEN) return false;
  const next = bytes[afterSpace(bytes, open + 1)];
  // A file that is cut off here is still meant to be one.
  return next === undefined || next === QUOTE || next === CLOSE;
}

function afterSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}
