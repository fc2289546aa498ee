import type { PickleReport, Survey, SurveyGlobal } from '@torsh/torch';
import type { Colours } from './colour.ts';
import { countOf } from './number.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

/** The table of all names that the pickles of a file import; those that torsh does not know stand out. */
export function formatGlobals({ status, found }: Survey, colours: Colours): string {
  const uses = found.flatMap((report) => report.globals.map((use) => ({ report, use })));
  const unknown = uses.filter(({ use }) => !use.known).length;
  const total = `${status}: ${countOf(found.length, 'pickle')}, ${countOf(uses.length, 'global')}, ${unknown} unknown\n`;
  if (uses.length === 0) return total;
  const rows = uses.map(({ report, use }) => {
    const name = printable(nameOf(use));
    return [
      use.known ? name : colours.yellow(name),
      use.known ? 'known' : 'unknown',
      use.opcode,
      placeOf(use, report),
    ];
  });
  return `${formatTable([['global', '', 'opcode', 'place'].map(colours.dim), ...rows])}\n\n${total}`;
}

function nameOf({ module, name }: SurveyGlobal): string {
  return `${module ?? '?'}.${name ?? '?'}`;
}

function placeOf({ offset }: SurveyGlobal, { path }: PickleReport): string {
  return path === '' ? `byte ${offset}` : `${printable(path)}, byte ${offset}`;
}

/** What could not be read, or means two things, one line each. */
export function formatUnread({ found, unseen, notes, programs }: Survey, { yellow, dim }: Colours): string {
  const lines: string[] = [];
  const at = (path: string, offset: number | undefined) =>
    [path, offset === undefined ? '' : `byte ${offset}`].filter((part) => part !== '').join(', ');
  const add = (paint: (text: string) => string, kind: string, where: string, text: string) =>
    lines.push(`${paint(`${kind}:`)} ${printable(where === '' ? text : `${where}: ${text}`)}\n`);
  for (const { path, offset, error, notes: remarks } of found) {
    if (error !== undefined) add(yellow, 'broken', at(path, offset), error.message);
    for (const remark of remarks) add(dim, 'note', at(path, remark.offset), remark.message);
  }
  for (const { path, reason } of unseen) add(yellow, 'not read', path, reason);
  for (const { path, offset, message } of notes) add(dim, 'note', at(path, offset), message);
  for (const path of programs) add(dim, 'program', '', path);
  return lines.join('');
}
