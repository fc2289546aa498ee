import { type ByteSource, cursor, type ReadOptions, TorshError } from '@torsh/bytes';
import type { Strictness, ZipNote } from './directory.ts';
import {
  END,
  END_BYTES,
  END64,
  END64_BYTES,
  LOCATOR64,
  LOCATOR64_BYTES,
  MAX_COMMENT_BYTES,
  MAX16,
  MAX32,
} from './layout.ts';

/** Where the directory lies and how many entries it has. */
export interface DirectoryPlace {
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly count: number;
}

interface Counts extends DirectoryPlace {
  readonly disks: readonly number[];
  readonly diskCount: number;
  readonly commentBytes: number;
}

/** Finds the end record, follows it to ZIP64 where there is one, and insists that there is one directory only. */
export async function findDirectory(
  source: ByteSource,
  options: ReadOptions & { strictness: Strictness; limits: { entries: number } },
  notes: ZipNote[],
): Promise<DirectoryPlace> {
  const tailBytes = Math.min(source.size, END_BYTES + MAX_COMMENT_BYTES + LOCATOR64_BYTES + END64_BYTES);
  const base = source.size - tailBytes;
  const tail = await source.read(base, tailBytes, options);
  const at = findEnd(tail, base, options.strictness);
  if (at === undefined) {
    throw new TorshError(
      'truncated',
      `The ZIP directory at the end of the file is missing: the file was cut off after ${source.size} bytes. Fetch or save it again.`,
      { offset: source.size },
    );
  }
  const end = base + at;
  const short = parseEnd(tail.subarray(at), end);
  const rest = tail.length - at - END_BYTES;
  if (options.strictness === 'strict' && (rest > 0 || short.commentBytes > 0)) {
    const what = rest > 0 ? `There are ${rest} bytes behind` : 'There is a comment announced behind';
    throw new TorshError('malformed', `${what} the ZIP directory; nothing may be there.`, {
      offset: end + END_BYTES,
    });
  }
  if (rest > 0) {
    const code = rest === short.commentBytes ? 'comment' : 'trailing-bytes';
    notes.push({ code, message: `There are ${rest} bytes behind the ZIP directory.` });
  }
  const wide = await parseEnd64(source, tail, at, base, options);
  const place = wide === undefined ? short : merge(short, wide.counts, end, options.strictness);
  if (place.disks.some((disk) => disk !== 0) || place.diskCount > 1) {
    throw new TorshError('unsupported', 'This is one part of a split ZIP. Join the parts first.', {
      offset: end,
    });
  }
  const limit = wide?.offset ?? end;
  if (place.directoryOffset + place.directoryBytes !== limit) {
    throw new TorshError(
      'unsafe',
      `The ZIP directory should end at byte ${limit}, but it is said to lie at ${place.directoryOffset} with ${place.directoryBytes} bytes; different tools would read different files.`,
      { offset: end },
    );
  }
  if (place.count > options.limits.entries) {
    throw new TorshError(
      'limit',
      `The ZIP has ${place.count} entries; at most ${options.limits.entries} are read (limit entries).`,
      {
        offset: end,
      },
    );
  }
  return place;
}

/** The last end record. */
function findEnd(tail: Uint8Array, base: number, strictness: Strictness): number | undefined {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    // A strict ZIP ends here. Before its end, a record counts only where it fits: a ZIP inside a ZIP that was cut off
    // has end records too, and that file lacks bytes instead of having too many.
    const fits = view.getUint32(at + 12, true) + view.getUint32(at + 16, true) === base + at;
    if (strictness === 'tolerant' || at + END_BYTES === tail.length || fits) return at;
  }
  return undefined;
}

function parseEnd(bytes: Uint8Array, at: number): Counts {
  const from = cursor(bytes, at);
  from.skip(4);
  const disks = [from.u16(), from.u16()];
  const [countHere, count] = [from.u16(), from.u16()];
  const directoryBytes = from.u32();
  const directoryOffset = from.u32();
  const commentBytes = from.u16();
  if (countHere !== count)
    throw new TorshError('unsupported', 'This is one part of a split ZIP. Join the parts first.', {
      offset: at,
    });
  return { disks, diskCount: 1, count, directoryBytes, directoryOffset, commentBytes };
}

async function parseEnd64(
  source: ByteSource,
  tail: Uint8Array,
  at: number,
  base: number,
  options: ReadOptions,
): Promise<{ counts: Counts; offset: number } | undefined> {
  const locatorAt = at - LOCATOR64_BYTES;
  if (locatorAt < 0) return undefined;
  const locator = cursor(tail.subarray(locatorAt, at), base + locatorAt);
  if (locator.u32() !== LOCATOR64) return undefined;
  const disk = locator.u32();
  const offset = locator.u64();
  const diskCount = locator.u32();
  const place = { offset: base + locatorAt };
  // The record must stand right before its locator: a version 1 record without additions. Anything else is a way to hide a second one.
  if (offset + END64_BYTES !== base + locatorAt) {
    throw new TorshError(
      'unsafe',
      'The ZIP64 end record is not where it should be; different tools would read different files.',
      place,
    );
  }
  const from = cursor(await source.read(offset, END64_BYTES, options), offset);
  if (from.u32() !== END64 || from.u64() !== END64_BYTES - 12) {
    throw new TorshError('malformed', 'The ZIP64 end record is damaged.', { offset });
  }
  from.skip(4);
  const disks = [disk, from.u32(), from.u32()];
  const [countHere, count] = [from.u64(), from.u64()];
  if (countHere !== count)
    throw new TorshError('unsupported', 'This is one part of a split ZIP. Join the parts first.', { offset });
  const directoryBytes = from.u64();
  const directoryOffset = from.u64();
  return {
    counts: { disks, diskCount, count, directoryBytes, directoryOffset, commentBytes: 0 },
    offset,
  };
}

/** ZIP64 counts, where the short ones agree: each is either the same number or says "look there". */
function merge(short: Counts, wide: Counts, at: number, strictness: Strictness): Counts {
  const agrees =
    (short.count === wide.count || short.count === MAX16) &&
    (short.directoryBytes === wide.directoryBytes || short.directoryBytes === MAX32) &&
    (short.directoryOffset === wide.directoryOffset || short.directoryOffset === MAX32);
  if (!agrees)
    throw new TorshError('unsafe', 'The two end records of the ZIP contradict each other.', { offset: at });
  const needed = wide.count >= MAX16 || wide.directoryBytes >= MAX32 || wide.directoryOffset >= MAX32;
  if (strictness === 'strict' && !needed) {
    throw new TorshError('malformed', 'The ZIP has a ZIP64 end record that it does not need.', {
      offset: at,
    });
  }
  return wide;
}
