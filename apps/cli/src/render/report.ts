import type { Issue } from '@torsh/core';
import type { Colours } from './colour.ts';
import { printable } from './text.ts';

/** How many issues of a kind are printed; the rest is counted. */
const SHOWN = 20;

/** Issues as lines, worst first; more of one severity than anybody reads are only counted. */
export function formatIssues(issues: readonly Issue[], colours: Colours): string {
  const paint = { blocker: colours.red, loss: colours.yellow, note: colours.dim };
  const lines: string[] = [];
  for (const severity of ['blocker', 'loss', 'note'] as const) {
    const some = issues.filter((issue) => issue.severity === severity);
    lines.push(
      ...some
        .slice(0, SHOWN)
        .map(({ message }) => `${paint[severity](`${severity}:`)} ${printable(message)}`),
    );
    if (some.length > SHOWN) lines.push(`${paint[severity](`${severity}:`)} and ${some.length - SHOWN} more`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The first lines of a list, and how many are left. */
export function formatList(lines: readonly string[]): string {
  const rest = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN), ...rest].map((line) => `  ${line}\n`).join('');
}
