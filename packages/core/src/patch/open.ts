import {
  type ByteSource,
  decodeUtf8,
  type Limits,
  type Platform,
  type ReadOptions,
  readAll,
  TorshError,
} from '@torsh/bytes';
import { checkCanonical, openZip, type ZipTree } from '@torsh/zip';
import {
  PATCH_HEAD_PATH,
  PATCH_INFO_PATH,
  PATCH_INFO_TEXT,
  type PatchHead,
  parseHead,
  segmentPath,
} from './head.ts';
import { type Step, stepsIn } from './step.ts';

/** What opening a patch is lent. */
export interface PatchOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
}

/** An open patch. */
export interface Patch {
  readonly head: PatchHead;
  /** The steps in order; each was checked against the base's size, and their sum against the target's. */
  steps(): AsyncGenerator<Step>;
}

/** What a segment may have: a writer ends one as soon as it has four MiB. */
const MOST_SEGMENT = 16 * 2 ** 20;

/** Opens a patch: its directory and what it says of itself. Nothing of it is believed before it is checked. */
export async function openPatch(file: ByteSource, options: PatchOptions): Promise<Patch> {
  const { limits, platform, signal } = options;
  if (!(await isPatch(file, options))) {
    throw new TorshError('unsupported', 'This is no patch of torsh 1.0; `torsh patch create` makes one.');
  }
  const zip = await openZip(file, { limits, platform, signal, strictness: 'strict' });
  const head = await readHead(zip, options);
  checkLayout(zip, head);
  await checkCanonical(file, zip, () => undefined, options);
  checkGrowth(head, file.size, limits);
  return { head, steps: () => stepsOf(zip, head, options) };
}

/** True for a file that begins as a patch does. */
export async function isPatch(file: ByteSource, options?: ReadOptions): Promise<boolean> {
  const text = PATCH_INFO_PATH + PATCH_INFO_TEXT;
  if (file.size < NAME_AT + text.length) return false;
  const bytes = await file.read(0, NAME_AT + text.length, options);
  const begins = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  return begins && decodeUtf8(bytes.subarray(NAME_AT)) === text;
}

/** Where the name of the first entry of a ZIP begins. */
const NAME_AT = 30;

async function readHead(zip: ZipTree, { limits, signal }: PatchOptions): Promise<PatchHead> {
  const read = async (path: string): Promise<Uint8Array> => {
    const entry = zip.entries.get(path);
    if (entry === undefined) throw wrong(path, `The patch has no ${path}. Is it a .torshpatch file?`);
    if (entry.method !== 'stored') throw wrong(path, `${path} is compressed; it must be stored.`);
    return readAll(zip.source(entry), limits.headerBytes, { signal });
  };
  if (decodeUtf8(await read(PATCH_INFO_PATH)) !== PATCH_INFO_TEXT) {
    throw wrong(PATCH_INFO_PATH, `${PATCH_INFO_PATH} does not say "${PATCH_INFO_TEXT.trim()}".`);
  }
  return parseHead(await read(PATCH_HEAD_PATH), limits);
}

function checkLayout({ entries }: ZipTree, { segments }: PatchHead): void {
  if (entries.size !== segments + 2) {
    const message = `The patch has ${entries.size - 2} segments and says that it has ${segments}.`;
    throw wrong(PATCH_HEAD_PATH, message);
  }
  let index = -1;
  for (const { path, size, method } of entries.values()) {
    const wanted = index < 0 ? PATCH_INFO_PATH : index < segments ? segmentPath(index) : PATCH_HEAD_PATH;
    if (path !== wanted) throw wrong(path, `${path} stands where ${wanted} should be.`);
    if (method !== 'stored') throw wrong(path, `${path} is compressed; it must be stored.`);
    if (index >= 0 && index < segments && size > MOST_SEGMENT)
      throw wrong(path, `${path} has ${size} bytes; a segment has at most ${MOST_SEGMENT}.`);
    index++;
  }
}

/** A few bytes can say "the whole base, a million times". Real targets are about as large as base and patch. */
function checkGrowth({ base, target }: PatchHead, size: number, limits: Limits): void {
  const most = Math.max(limits.expandedBytes, limits.expansionRatio * (base.size + size));
  if (target.size <= most) return;
  const message = `The patch makes ${target.size} bytes of ${base.size}; at most ${most} are allowed (limits expansionRatio and expandedBytes).`;
  throw new TorshError('limit', message, { path: PATCH_HEAD_PATH });
}

async function* stepsOf(
  zip: ZipTree,
  { segments, base, target }: PatchHead,
  { signal }: PatchOptions,
): AsyncGenerator<Step> {
  let made = 0;
  for (let index = 0; index < segments; index++) {
    const path = segmentPath(index);
    const bytes = await readAll(zip.source(zip.entries.get(path)!), MOST_SEGMENT, { signal });
    for (const step of stepsIn(bytes, base.size, path)) {
      made += step.length;
      if (made > target.size)
        throw wrong(path, `${path} makes more than the ${target.size} bytes of the target.`);
      yield step;
    }
  }
  if (made !== target.size) {
    throw wrong(PATCH_HEAD_PATH, `The patch makes ${made} bytes; the target has ${target.size}.`);
  }
}

function wrong(path: string, message: string): TorshError {
  return new TorshError('malformed', message, { path });
}
