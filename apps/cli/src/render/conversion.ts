import type { Report } from '@torsh/core';
import type { Colours } from './colour.ts';
import { countOf, formatBytes, formatSeconds } from './number.ts';
import { formatJson, printable } from './text.ts';

/** A conversion that is over, or was refused. */
export interface Conversion {
  readonly report: Report;
  readonly input: string;
  readonly output: string;
  readonly seconds: number;
  readonly verified: boolean;
}

/** The one document of `convert --json`; without `written` bytes there is no output. */
export function conversionJson(
  { report, input, output, seconds }: Conversion,
  read: number,
  written: number | undefined,
): string {
  const { from, to, tensors, bytes, lossless, issues } = report;
  return formatJson({
    input: { path: input, format: from, bytes: read },
    output: written === undefined ? null : { path: output, format: to, bytes: written },
    tensors,
    bytes,
    seconds,
    lossless,
    issues,
  });
}

/** One line that says what was written, and how fast where that means something. */
export function conversionSummary(
  { report, output, seconds, verified }: Conversion,
  { green, bold }: Colours,
): string {
  const { from, to, tensors, bytes } = report;
  const speed = seconds >= 0.1 ? `, ${formatBytes(bytes / seconds)}/s` : '';
  const amount = `${countOf(tensors, 'tensor')}, ${formatBytes(bytes)} in ${formatSeconds(seconds)}`;
  return `${green('wrote')} ${bold(printable(output))} (${from} to ${to}): ${amount}${speed}${verified ? ', verified' : ''}\n`;
}

/** Why nothing was written, and what would help. */
export function refusal({ report: { issues, to }, input }: Conversion): string {
  const impossible = issues.some(({ severity }) => severity === 'blocker');
  const sentence = impossible
    ? `${to} cannot hold this model. Nothing was written.`
    : `something would be lost in ${to}. Nothing was written; use --allow-loss to go on.`;
  return `torsh: ${printable(input)}: ${sentence}\n`;
}
