import type { JsonObject } from '@torsh/core';
import type { Report } from '../object/report.ts';
import { byteOrderOf } from '../zip/byte-order.ts';
import type { Records } from '../zip/container.ts';
import { versionOf } from '../zip/version.ts';

/** What the container says of itself: a writer needs it to give the file back. */
export async function factsOf(container: Records, report: Report): Promise<JsonObject> {
  const version = await versionOf(container, report);
  const byteOrder = await byteOrderOf(container);
  const id = await container.text('.data/serialization_id');
  return {
    ...(version === undefined
      ? {}
      : { version, version_record: container.has('version') ? 'version' : '.data/version' }),
    ...(byteOrder === undefined ? {} : { byteorder: byteOrder }),
    ...(id === undefined ? {} : { serialization_id: id }),
    folder: container.folder,
    records: [...container.names()],
  };
}
