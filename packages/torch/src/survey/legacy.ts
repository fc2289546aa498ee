import { type ByteSource, cursor, isTorshError, type Limits, paged } from '@torsh/bytes';
import { head } from '@torsh/core';
import { disassemble, interpret, isKind, type PickleScan, scan } from '@torsh/pickle';
import type { Look } from './look.ts';
import type { PickleReport } from './report.ts';
import { split } from './split.ts';
import { keyText, type StorageIds, storageIds } from './storage-ids.ts';

/** The number that torch.save put first before it wrote ZIPs. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
/** Magic number, protocol, system, object, keys; then the storages. */
const PICKLES = 5;

/** True for a stream whose first pickle is the magic number as a literal, in whatever protocol. */
export function isLegacyStream(bytes: Uint8Array, limits: Limits): boolean {
  try {
    let value: unknown;
    let steps = 0;
    for (const { name, argument } of disassemble(bytes.subarray(0, 256), limits)) {
      if (name === 'STOP') return value === MAGIC;
      if (argument !== undefined && name !== 'PROTO' && name !== 'FRAME') value = argument;
      if (++steps > 4) return false;
    }
  } catch (error) {
    if (!isTorshError(error)) throw error;
  }
  return false;
}

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
    const ids = storageIds();
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
  { itemBytes }: StorageIds,
  path: string,
  look: Look,
  base: number,
): Promise<number> {
  const { start, end } = pickles[PICKLES - 1]!;
  const keys = interpret(bytes, look.context.limits, { offset: start }).value;
  const numbers = paged(source);
  let at = end;
  for (const key of isKind(keys, 'list') ? keys.items : []) {
    const size = itemBytes.get(keyText(key) ?? '');
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
