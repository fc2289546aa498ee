import type { DependencyCheck, Resolved } from '@torsh/core';
import type { Colours } from './colour.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

/** What a package needs, beside what there is. */
export function checkText({ findings, status }: DependencyCheck, colours: Colours): string {
  if (findings.length === 0) return 'The package declares no dependencies.\n';
  const paint = { satisfied: colours.green, unsatisfied: colours.red, undecidable: colours.yellow };
  const rows = findings.map((finding) => [
    paint[finding.status](finding.status),
    finding.kind,
    printable(
      finding.kind === 'python' && finding.wanted !== ''
        ? finding.wanted
        : `${finding.name} ${finding.kind === 'module' ? '' : finding.wanted}`.trim(),
    ),
    printable(finding.reason),
  ]);
  return `${formatTable(rows)}\n${paint[status](status)}\n`;
}

/** What packages need together. */
export function resolvedText({ resolutions, status }: Resolved, colours: Colours): string {
  if (resolutions.length === 0) return 'The packages declare no dependencies.\n';
  const paint = { compatible: colours.green, conflict: colours.red, undecidable: colours.yellow };
  const rows = resolutions.map((each) => [
    paint[each.status](each.status),
    each.kind,
    printable(`${each.name} ${each.versions ?? ''}`.trim()),
    printable(each.reason),
  ]);
  return `${formatTable(rows)}\n${paint[status](status)}\n`;
}
