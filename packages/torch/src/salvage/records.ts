import { type ByteSource, isTorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { entrySource, openZip, readFront, type ZipEntry } from '@torsh/zip';

/** A record of a damaged file. */
export interface Rescued {
  /** Its bytes, with their check sum where one is known; absent where they are not all there. */
  readonly source?: ByteSource;
  /** How many of its bytes are there, as far as they can be read. */
  readonly present: number;
  readonly trouble?: 'cut' | 'damaged';
}

/** What is left of a PyTorch ZIP. */
export interface Records {
  /** By name, without the top folder, in the order of the file. */
  readonly records: ReadonlyMap<string, Rescued>;
  /** False where the directory at the end is gone and the records were found from the front. */
  readonly directory: boolean;
  /** True where the way from the front led to the end of the file, not into bytes that are no record. */
  readonly cut: boolean;
}

/** Is shown each record as it is found, and may say how long those after it should be. */
export interface Finder {
  found(name: string, record: Rescued): Promise<void>;
  promised(name: string): number | undefined;
}

/** The records by the directory where there is one, else from the front of the file. */
export async function findRecords(source: ByteSource, context: Context, finder: Finder): Promise<Records> {
  const { limits, platform, signal } = context;
  const options = { limits, platform, signal, strictness: 'tolerant' as const };
  const records = new Map<string, Rescued>();
  let folder: string | undefined;
  /** The name of a record; `undefined` for what is not in the folder of the first one. */
  const nameOf = (path: string): string | undefined => {
    folder ??= path.slice(0, path.indexOf('/') + 1);
    return path.startsWith(folder) ? path.slice(folder.length) : undefined;
  };
  const add = async (path: string, record: Rescued): Promise<void> => {
    const name = nameOf(path);
    if (name === undefined || records.has(name)) return;
    records.set(name, record);
    await finder.found(name, record);
  };

  const zip = await openZip(source, options).catch((error: unknown) => {
    // A directory that is gone or broken is what this is for; one that contradicts itself is an attack.
    if (isTorshError(error, 'truncated', 'malformed')) return undefined;
    throw error;
  });
  if (zip !== undefined) {
    for (const entry of zip.entries.values())
      await add(entry.path, { source: zip.source(entry), present: entry.size });
    return { records, directory: true, cut: false };
  }
  const promised = (path: string): number | undefined => {
    const name = nameOf(path);
    return name === undefined ? undefined : finder.promised(name);
  };
  let end = 0;
  for await (const { entry, state, present } of readFront(source, { limits, signal, promised })) {
    end = entry.end;
    const whole = state === 'whole' || state === 'unconfirmed';
    const readable = entry.method === 'stored' ? present : 0;
    await add(
      entry.path,
      whole
        ? { source: entrySource(source, sized(entry), options), present: entry.size }
        : { present: readable, trouble: state === 'cut' ? 'cut' : 'damaged' },
    );
  }
  return { records, directory: false, cut: await endsAt(source, end, context) };
}

/** True where no more than a part of another header follows. */
async function endsAt(source: ByteSource, end: number, context: Context): Promise<boolean> {
  const next = await source.read(end, Math.min(4, source.size - end), context);
  return [0x50, 0x4b, 0x03, 0x04].every((byte, index) => (next[index] ?? byte) === byte);
}

/** A stored entry has as many bytes in the file as outside of it, whichever of both its header has told. */
function sized(entry: ZipEntry): ZipEntry {
  return entry.method === 'stored' ? { ...entry, size: entry.compressedSize } : entry;
}
