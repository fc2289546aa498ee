import { decodeUtf8, readAll, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { Records } from '../../zip/container.ts';
import { EXTERN_MODULES } from './records.ts';

/** The names in `.data/extern_modules`: modules that the package takes from wherever it is loaded. */
export async function readExterns(records: Records, context: Context): Promise<readonly string[]> {
  const source = records.record(EXTERN_MODULES)!;
  const text = decodeUtf8(await readAll(source, context.limits.headerBytes, context));
  if (text === undefined) {
    const message = `The record ${EXTERN_MODULES} is not text in UTF-8.`;
    throw new TorshError('malformed', message, { path: EXTERN_MODULES });
  }
  // Where there are none, torch writes an empty line, and its own importer takes that for a name.
  return text.split(/\r\n|\r|\n/).filter((name) => name !== '');
}

/** The Python that made the package, where it says so: torch has written it since 1.11. */
export async function readPythonVersion(records: Records): Promise<string | undefined> {
  return (await records.text('.data/python_version'))?.trim();
}
