import { type ByteSource, cursor, paged } from '@torsh/bytes';
import { head } from '@torsh/core';
import { interpret, isKind, type PickleScan, scan } from '@torsh/pickle';
import { type Ids, legacyIds } from '../legacy/ids.ts';
import type { Look } from './look.ts';
import type { PickleReport } from './report.ts';
import { split } from './split.ts';
import { keyText } from './storage-ids.ts';

/** Magic number, protocol, system, object, keys; then the storages. */
const PICKLES = 5;

/** The pickles of a legacy stream, and where its last storage ends. */
export interface LegacyStream {
  readonly scanned: PickleScan;
  /** As much of the stream as holds its pickles. */
  readonly bytes: Uint8Array;
  readonly end: number;
}

/** Reads the five pickles of a stream and steps over its storages, which may be of any size. */
export async function lookIntoLegacy(
  source: ByteSource,
  path: string,
  look: Look,
  base: number,
): Promise<LegacyStream> {
  const { limits } = look.context;
  for (let length = 2 ** 20; ; length *= 8) {
    const bytes = (await head(source, Math.min(length, limits.pickleBytes), look.context)).slice();
    const ids = legacyIds();
    const scanned = scan(bytes, limits, { most: PICKLES, resolve: ids.resolve });
    const longer = bytes.length < Math.min(source.size, limits.pickleBytes);
    if (scanned.pickles.length < PICKLES && longer && scanned.error?.code === 'truncated') continue;
    look.add(split(scanned, path, base).map(withoutCount));
    const whole = scanned.pickles.length === PICKLES;
    const end = whole ? await endOfStorages(source, scanned, bytes, ids, path, look, base) : source.size;
    return { scanned, bytes, end };
  }
}

/** That one pickle follows another is how it should be here. */
function withoutCount(report: PickleReport): PickleReport {
  return { ...report, notes: report.notes.filter(({ code }) => code !== 'several-pickles') };
}

/** Each storage is its number of elements, then its bytes; the fifth pickle says in which order they come. */
async function endOfStorages(
  source: ByteSource,
  { pickles }: PickleScan,
  bytes: Uint8Array,
  { storages }: Ids,
  path: string,
  look: Look,
  base: number,
): Promise<number> {
  const { start, end } = pickles[PICKLES - 1]!;
  const keys = interpret(bytes, look.context.limits, { offset: start }).value;
  const numbers = paged(source);
  let at = end;
  for (const key of isKind(keys, 'list') ? keys.items : []) {
    const size = storages.get(keyText(key) ?? '')?.itemBytes;
    if (size === undefined) break;
    if (at + 8 > source.size) return cut();
    const count = cursor(await numbers.read(at, 8, look.context), at).u64();
    at += 8 + count * size;
    if (at > source.size) return cut();
  }
  return at;

  function cut(): number {
    look.note(path, 'truncated', 'The file ends inside of its storages.', base + source.size);
    return source.size;
  }
}
