import {
  type Archive,
  shapeOf as contentOf,
  elementsOf,
  type Json,
  type JsonObject,
  type Tensor,
  tensorsOf,
} from '@torsh/core';
import type { Colours } from './colour.ts';
import { contentText } from './content.ts';
import { countOf, formatBytes, formatCount } from './number.ts';
import { some } from './some.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';
import { torchPackageRows } from './torch-package.ts';

/** What is known of a file besides its archive. */
export interface Facts {
  readonly path: string;
  readonly bytes: number;
  readonly title: string | undefined;
  /** What its format has to say besides. */
  readonly rows: readonly (readonly [title: string, text: string])[];
}

/** A screen that says what a model file holds. */
export function formatSummary(
  archive: Archive,
  { path, bytes, title, rows: more }: Facts,
  colours: Colours,
): string {
  const tensors = Array.from(tensorsOf(archive), ([, tensor]) => tensor);
  const rows: [string, string][] = [
    [
      'format',
      title === undefined || title === archive.origin ? archive.origin : `${archive.origin}: ${title}`,
    ],
    ['size', bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${countOf(bytes, 'byte')})`],
  ];
  rows.push(...packageRows(archive));
  const content = contentOf(archive);
  if (content !== undefined) rows.push(['content', contentText(archive, content.shape)]);
  if (archive.models.size > 1) rows.push(['models', some([...archive.models.keys()])]);
  rows.push(['tensors', totals(tensors)]);
  if (tensors.length > 0) rows.push(['types', histogram(tensors)]);
  const largest = largestOf(tensors);
  if (largest !== undefined) rows.push(['largest', `${printable(largest.name)} ${typeOf(largest)}`]);
  const aliases = [...archive.models.values()].flatMap((model) => [...model.aliases]);
  if (aliases.length > 0) rows.push(['tied names', some(aliases.map(([name, of]) => `${name} = ${of}`))]);
  const resources = [...archive.resources.values()];
  if (resources.length > 0) {
    const size = resources.reduce((sum, { data }) => sum + data.size, 0);
    rows.push([
      'files',
      `${formatCount(resources.length)}, ${formatBytes(size)}: ${some(resources.map((each) => each.path))}`,
    ]);
  }
  rows.push(...torchPackageRows(archive));
  const namespaces = Object.keys(archive.metadata);
  if (namespaces.length > 0) rows.push(['metadata', some(namespaces)]);
  for (const [name, text] of more) rows.push([name, printable(text)]);
  const table = rows.map(([name, value]) => [`  ${colours.dim(name)}`, value]);
  return `${colours.bold(printable(path))}\n${formatTable(table)}\n`;
}

/** What a package says of itself, as far as it does. */
function packageRows({ metadata }: Archive): [string, string][] {
  const said = (metadata.torsh ?? {}) as JsonObject;
  const texts = (...keys: string[]) =>
    keys.map((key) => said[key]).filter((each) => typeof each === 'string');
  const rows: [string, string][] = [];
  const title = texts('name', 'version').join(' ');
  if (title !== '') rows.push(['package', printable(title)]);
  for (const key of ['description', 'author', 'licence', 'created_at'])
    for (const text of texts(key)) rows.push([key.replace('_', ' '), printable(text)]);
  const needs = needsOf(said.dependencies);
  if (needs.length > 0) rows.push(['needs', some(needs)]);
  return rows;
}

function needsOf(dependencies: Json | undefined): string[] {
  return objectEntries(dependencies).flatMap(([kind, value]) =>
    typeof value === 'string'
      ? [`${kind} ${value}`]
      : objectEntries(value).map(([name, versions]) => `${name} ${String(versions)}`),
  );
}

function objectEntries(value: Json | undefined): [string, Json][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** All tensors as a table: name, type, shape, bytes; and the tied names. */
export function formatTensors(archive: Archive, colours: Colours): string {
  const several = archive.models.size > 1;
  const rows = [['name', 'type', 'shape', 'bytes'].map(colours.bold)];
  for (const [name, model] of archive.models) {
    const full = (tensor: string) => printable(several ? `${name}:${tensor}` : tensor);
    for (const tensor of model.tensors.values()) {
      rows.push([full(tensor.name), tensor.dtype, shapeOf(tensor), formatCount(tensor.data.size)]);
    }
    for (const [alias, owner] of model.aliases) rows.push([full(alias), `= ${full(owner)}`]);
  }
  return `${formatTable(rows, [3])}\n`;
}

function totals(tensors: readonly Tensor[]): string {
  const elements = tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  const bytes = tensors.reduce((sum, { data }) => sum + data.size, 0);
  return `${formatCount(tensors.length)} with ${countOf(elements, 'parameter')}, ${formatBytes(bytes)}`;
}

function histogram(tensors: readonly Tensor[]): string {
  const counts = new Map<string, number>();
  for (const { dtype } of tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([dtype, count]) => `${dtype} × ${formatCount(count)}`).join(', ');
}

function largestOf(tensors: readonly Tensor[]): Tensor | undefined {
  let largest = tensors[0];
  for (const tensor of tensors) if (tensor.data.size > largest!.data.size) largest = tensor;
  return largest;
}

function typeOf(tensor: Tensor): string {
  return `${tensor.dtype} ${shapeOf(tensor)}, ${formatBytes(tensor.data.size)}`;
}

function shapeOf({ shape }: Tensor): string {
  return `[${shape.join(', ')}]`;
}
