import { concat, type Limits, webPlatform } from '@torsh/bytes';
import { type Archive, createContext } from '@torsh/core';
import type { PackageRecords } from '../read/records.ts';
import { openArchive } from './open-archive.ts';
import type { PackageToWrite } from './restore.ts';
import { SERIALIZATION_ID } from './texts.ts';
import { packageToWrite } from './to-records.ts';

/** The archive as `read` finds it in what `write` makes of it. */
export async function keeps(whole: Archive, limits: Limits, name: string): Promise<Archive> {
  const records = recordsOf(await packageToWrite(whole, name, { limits }));
  const context = createContext({ formats: [], platform: webPlatform, limits });
  return openArchive(records, context, () => undefined);
}

/** Records that are yet to be written, to be read as if they were. */
function recordsOf({ folder, records, id }: PackageToWrite): PackageRecords {
  const sources = new Map(records.map(({ name, sources: parts }) => [name, parts]));
  const names = records.map(({ name }) => name);
  if (id) names.push(SERIALIZATION_ID);
  const record: PackageRecords['record'] = (name) => {
    const parts = sources.get(name);
    return parts?.length === 1 ? parts[0] : parts && concat(parts);
  };
  return {
    name: '<binary>',
    unzipped: false,
    idFollows: id,
    // What is written was read already, and held to its size then.
    bytes: Number.MAX_SAFE_INTEGER,
    folder,
    names: () => names,
    has: (name) => sources.has(name),
    record,
    async text(name) {
      const source = record(name);
      return source && new TextDecoder().decode(await source.read(0, Math.min(source.size, 4096)));
    },
  };
}
