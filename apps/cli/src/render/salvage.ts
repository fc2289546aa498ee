import type { Report } from '@torsh/core';
import type { Salvage } from '@torsh/torch';
import type { Colours } from './colour.ts';
import { countOf, formatBytes, formatCount } from './number.ts';
import { formatJson, printable } from './text.ts';

/** A file and its size. */
interface SizedFile {
  readonly path: string;
  readonly bytes: number;
}

/** The one document of `salvage --json`; for a sound file there is no output. */
export function salvageJson(done: {
  readonly found: Salvage;
  readonly report: Report | undefined;
  readonly input: SizedFile;
  readonly output: SizedFile | undefined;
  readonly seconds: number;
}): string {
  const { found, report, input, output, seconds } = done;
  return formatJson({
    input: { path: input.path, format: found.archive.origin, bytes: input.bytes },
    output: output === undefined ? null : { path: output.path, format: 'torsh', bytes: output.bytes },
    sound: found.sound,
    tensors: report?.tensors ?? 0,
    bytes: report?.bytes ?? 0,
    lost: found.lost,
    seconds,
    issues: report?.issues ?? found.issues,
  });
}

/** One line that says how much was recovered. */
export function salvageSummary(
  { lost }: Salvage,
  { tensors, bytes }: Report,
  output: string,
  { green, yellow, bold }: Colours,
): string {
  const part = lost.length === 0 ? 'all of them' : yellow(`${formatCount(lost.length)} lost`);
  return `${green('wrote')} ${bold(printable(output))}: ${countOf(tensors, 'tensor')} recovered, ${formatBytes(bytes)}, ${part}\n`;
}

/** For a file that needs no salvage. */
export function soundText(path: string, { green }: Colours): string {
  const shown = printable(path);
  return `${green('sound')} ${shown}: nothing is wrong with it, and nothing was written. Use \`torsh convert ${shown} to torsh\`.\n`;
}
