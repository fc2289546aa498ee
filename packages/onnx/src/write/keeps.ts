import { concat, fromFiles, type Limits } from '@torsh/bytes';
import type { Archive } from '@torsh/core';
import type { OnnxOptions } from '../options.ts';
import { readFrom } from '../read.ts';
import { planFiles } from './plan-files.ts';

/** The archive as it is read back: where weights lie elsewhere than before, the graph says so. */
export async function keeps(
  archive: Archive,
  limits: Limits,
  name: string,
  options: OnnxOptions,
): Promise<Archive> {
  const lent = { limits, signal: new AbortController().signal, report() {} };
  const files = await planFiles(archive, name, options, lent);
  const sources = new Map(files.map(({ path, pieces }) => [path, concat(pieces)]));
  const back = await readFrom(sources.get(name)!, { files: fromFiles(sources), entry: name }, lent);
  return { ...back, origin: archive.origin };
}
