import type { PatchHead } from '@torsh/core';
import type { Colours } from './colour.ts';
import { countOf, formatBytes, formatSeconds } from './number.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

/** One line for a patch that was made. */
export function createdText(
  path: string,
  bytes: number,
  { target }: PatchHead,
  seconds: number,
  { green, bold }: Colours,
): string {
  const part = bytes < target.size ? ` (${((100 * bytes) / target.size).toPrecision(2)}% of it)` : '';
  return `${green('wrote')} ${bold(printable(path))}: ${formatBytes(bytes)} for a target of ${formatBytes(target.size)}${part}, in ${formatSeconds(seconds)}\n`;
}

/** One line for a patch that was applied. */
export function appliedText(
  path: string,
  { target }: PatchHead,
  seconds: number,
  { green, bold }: Colours,
): string {
  return `${green('wrote')} ${bold(printable(path))}: ${formatBytes(target.size)} in ${formatSeconds(seconds)}, SHA-256 ${target.sha256}\n`;
}

/** What a patch says of itself. */
export function patchText(path: string, bytes: number, head: PatchHead, { bold, dim }: Colours): string {
  const file = ({ size, sha256 }: PatchHead['base']) => `${countOf(size, 'byte')}, SHA-256 ${sha256}`;
  const rows = [
    ['size', countOf(bytes, 'byte')],
    ['base', file(head.base)],
    ['target', file(head.target)],
    ['copied', `${countOf(head.copied, 'byte')} of the base`],
    ['changed', `${countOf(head.changed, 'byte')} of numbers near those of the base`],
    ['new', countOf(head.added, 'byte')],
    ['steps', countOf(head.steps, 'step')],
  ].map(([name, value]) => [`  ${dim(name!)}`, value!]);
  return `${bold(printable(path))}\n${formatTable(rows)}\n`;
}
