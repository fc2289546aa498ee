import type { Diff, FileDifference, JsonDifference, TensorDifference, TensorFacts } from '@torsh/core';
import type { Colours } from './colour.ts';
import { countOf, formatBytes, formatCount } from './number.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

/** What was compared. */
export interface Sides {
  readonly before: { readonly path: string; readonly format: string };
  readonly after: { readonly path: string; readonly format: string };
}

/** How many rows of a kind are printed; `--json` has all. */
const SHOWN = 50;

/** One line: how much of each kind differs, and how much does not. */
export function diffStat(found: Diff, sides: Sides, { bold, green, red }: Colours): string {
  const title = `${bold(printable(sides.before.path))} → ${bold(printable(sides.after.path))}`;
  const { tensors, files, metadata } = found;
  const parts = [
    ...kindsOf(tensors.different, 'tensor'),
    ...(tensors.close > 0 ? [`${countOf(tensors.close, 'tensor')} within the tolerance`] : []),
    ...(tensors.aliases.length > 0 ? [`${countOf(tensors.aliases.length, 'tied name')}`] : []),
    ...kindsOf(files.different, 'file'),
    ...(metadata.length > 0 ? [`${countOf(metadata.length, 'place')} of the metadata`] : []),
  ];
  const alike = [
    ...(tensors.same > 0 ? [countOf(tensors.same, 'tensor')] : []),
    ...(files.same > 0 ? [countOf(files.same, 'file')] : []),
  ].join(' and ');
  const ends = alike === '' ? '' : `${parts.length > 0 ? '; ' : ''}${alike} the same`;
  const verdict = found.same ? green('equal') : red('different');
  return `${title}: ${verdict}: ${parts.join(', ')}${ends}\n`.replace(/: \n$/, '\n');
}

function kindsOf(different: readonly { readonly kind: string }[], noun: string): string[] {
  const kinds = ['changed', 'renamed', 'added', 'removed'];
  return kinds.flatMap((kind) => {
    const count = different.filter((each) => each.kind === kind).length;
    return count === 0 ? [] : [`${countOf(count, noun)} ${kind}`];
  });
}

/** The line of `diffStat`, and every difference below it. */
export function diffText(found: Diff, sides: Sides, colours: Colours): string {
  const several = [...found.models.added, ...found.models.removed].length > 0 || modelsOf(found).size > 1;
  const full = ({ model, name }: TensorFacts) => printable(several ? `${model}:${name}` : name);
  const paint = (kind: string): string =>
    (({ added: colours.green, removed: colours.red })[kind] ?? colours.yellow)(kind);
  const lines: string[] = [diffStat(found, sides, colours).trimEnd()];
  const section = (rows: readonly (readonly string[])[], right: readonly number[] = []): void => {
    if (rows.length === 0) return;
    lines.push('', formatTable(rows.slice(0, SHOWN + 1), right));
    if (rows.length > SHOWN + 1)
      lines.push(`and ${formatCount(rows.length - SHOWN - 1)} more; --json has all`);
  };
  const title = (...names: string[]) => names.map(colours.bold);
  const { tensors, files, metadata, incidental } = found;
  const heads = (rows: string[][], names: string[]): string[][] => {
    const columns = Math.max(0, ...rows.map((row) => row.length));
    return rows.length === 0 ? [] : [title(...names.slice(0, columns)), ...rows];
  };
  section(
    heads(
      tensors.different.map((each) => tensorRow(each, full, paint)),
      ['', 'tensor', 'type', 'changed', 'max', 'mean', 'cosine'],
    ),
    [3, 4, 5, 6],
  );
  section(
    heads(
      tensors.aliases.map(({ name, before, after }) => [
        paint('tied'),
        printable(name),
        `${printable(before ?? 'nothing')} → ${printable(after ?? 'nothing')}`,
      ]),
      ['', 'tied name', 'stands for'],
    ),
  );
  section(
    heads(
      files.different.map((each) => fileRow(each, paint)),
      ['', 'file', 'bytes', 'lines'],
    ),
  );
  section(
    heads(
      metadata.map((each) => jsonRow(each, paint)),
      ['', 'metadata', 'value'],
    ),
  );
  if (incidental.length > 0)
    lines.push(
      '',
      colours.dim(`How the files were written differs too: ${incidental.map(printable).join(', ')}.`),
    );
  return `${lines.join('\n')}\n`;
}

function modelsOf({ tensors }: Diff): Set<string> {
  return new Set(
    tensors.different.flatMap(({ before, after }) => [before, after].flatMap((each) => each?.model ?? [])),
  );
}

function tensorRow(
  { kind, before, after, values }: TensorDifference,
  full: (tensor: TensorFacts) => string,
  paint: (kind: string) => string,
): string[] {
  const [was, is] = [before ?? after!, after ?? before!];
  const name = kind === 'renamed' ? `${full(was)} → ${full(is)}` : full(is);
  const [old, now] = [typeOf(was), typeOf(is)];
  const row = [paint(kind), name, old === now ? now : `${old} → ${now}`];
  if (values === undefined) return kind === 'changed' && old === now ? [...row, 'bytes'] : row;
  const { changed, values: count, maxAbs, meanAbs, cosine, nan } = values;
  const nans = nan[0] + nan[1] > 0 ? ` (NaN: ${formatCount(nan[0])} → ${formatCount(nan[1])})` : '';
  return [
    ...row,
    `${formatCount(changed)} of ${formatCount(count)}${nans}`,
    short(maxAbs),
    short(meanAbs),
    cosine === null ? '–' : cosineText(cosine),
  ];
}

function typeOf({ dtype, shape }: TensorFacts): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function short(value: number): string {
  return Number.isInteger(value) && value < 1e6 ? String(value) : value.toPrecision(3);
}

/** A cosine that is not 1 is not printed as 1. */
function cosineText(cosine: number): string {
  for (let digits = 4; digits < 12; digits++) {
    const text = cosine.toFixed(digits);
    if (cosine === 1 || Number(text) !== 1) return text;
  }
  return cosine.toFixed(12);
}

function fileRow({ kind, before, after, lines }: FileDifference, paint: (kind: string) => string): string[] {
  const [was, is] = [before ?? after!, after ?? before!];
  const name = kind === 'renamed' ? `${printable(was.path)} → ${printable(is.path)}` : printable(is.path);
  const bytes =
    was.bytes === is.bytes ? formatBytes(is.bytes) : `${formatBytes(was.bytes)} → ${formatBytes(is.bytes)}`;
  return [paint(kind), name, bytes, lines === undefined ? '' : `+${lines.added} −${lines.removed}`];
}

/** Values that are printed whole; longer ones are cut. */
const MOST = 60;

function jsonRow({ path, before, after }: JsonDifference, paint: (kind: string) => string): string[] {
  const text = (value: unknown): string => {
    const json = JSON.stringify(value);
    return printable(json.length > MOST ? `${json.slice(0, MOST)}…` : json);
  };
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const parts = [before, after].filter((value) => value !== undefined).map(text);
  return [paint(kind), printable(path), parts.join(' → ')];
}
