import { decodeUtf8, readAll } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { serializationId } from '../../zip/serialization-id.ts';
import { EXTERN_MODULES, type PackageRecords } from '../read/records.ts';

/** The id that torch's writer puts at the end of a file. */
export const SERIALIZATION_ID = '.data/serialization_id';

/** Records that say something of the package, in a line or a few. */
const TEXTS = [
  'version',
  '.data/version',
  'byteorder',
  '.data/python_version',
  EXTERN_MODULES,
  SERIALIZATION_ID,
];

/** Longer ones are kept as files. */
const LONGEST = 65_536;

/** The short records as they are. */
export async function textsOf(
  records: PackageRecords,
  context: Context,
): Promise<Readonly<Record<string, string>>> {
  const texts: { [record: string]: string } = {};
  for (const name of TEXTS) {
    const source = records.record(name);
    if (source === undefined || source.size > LONGEST) continue;
    const text = decodeUtf8(await readAll(source, LONGEST, context));
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** True where the id is the one that torch's writer on Linux makes of all other records: writing gives it again. */
export function idFollows(
  { zip, folder, idFollows: known = false }: PackageRecords,
  order: readonly string[],
  id: string | undefined,
): boolean {
  if (zip === undefined || order.at(-1) !== SERIALIZATION_ID) return known;
  const others = order.slice(0, -1).map((name) => {
    const { crc32, size } = zip.entries.get(`${folder}/${name}`)!;
    return { name, crc32, size };
  });
  return id === serializationId(others);
}
