import type { Context } from '@torsh/core';
import { scan } from '@torsh/pickle';
import type { Nests } from './nests.ts';
import { type Known, type Report, reportGlobals, reportSpelling } from './report.ts';

/** Says of pickles within a pickle what is said of any other. */
export function reportNests(
  { pickles, strangers }: Nests,
  { limits }: Pick<Context, 'limits'>,
  report: Report,
  known?: Known,
): void {
  for (const { pickle, path } of pickles) {
    reportGlobals(pickle, path, report, known);
    reportSpelling(pickle, path, report);
  }
  const call = 'torch.storage._load_from_bytes';
  for (const { bytes, start, path, offset } of strangers) {
    const message = `${call} is given bytes that are no file of the old torch.save (${path}, byte ${offset}): they are kept as data.`;
    report('opaque', message, call);
    // torch would run them as a pickle before it finds that they are none of its own.
    const { globals, notes } = scan(bytes, limits);
    reportGlobals({ globals: globals.map(shifted(start)), protocol: 2 }, path, report, known);
    reportSpelling({ notes: notes.map(shifted(start)) }, path, report);
  }
}

/** What was found in a part of a file, by its place in the file. */
function shifted(by: number): <T extends { readonly offset: number }>(found: T) => T {
  return (found) => ({ ...found, offset: found.offset + by });
}
