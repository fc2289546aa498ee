import type { Delta, DeltaOperation } from '@torsh/torshpkg';
import type { Colours } from './colour.ts';
import { countOf, formatBytes } from './number.ts';
import { formatList } from './report.ts';
import { printable } from './text.ts';

/** What a delta of the Rust crate says of itself, without the bytes that it brings. */
export function deltaJson({ fromVersion, toVersion, createdAt, operations }: Delta): object {
  return { from: fromVersion, to: toVersion, createdAt, operations: operations.map(operationJson) };
}

function operationJson(operation: DeltaOperation) {
  const { kind } = operation;
  if (kind === 'manifest') return { kind, field: operation.field, value: operation.value };
  const bytes = kind === 'add' ? operation.data.length : kind === 'modify' ? operation.diff.length : 0;
  return { kind, name: operation.name, bytes };
}

/** The same for people. */
export function deltaText(path: string, delta: Delta, { bold }: Colours): string {
  return `${bold(printable(path))}: ${changeText(delta)}\n${formatList(delta.operations.map(operationText))}`;
}

/** One line for a delta that was applied. */
export function deltaAppliedText(path: string, delta: Delta, { green, bold }: Colours): string {
  return `${green('wrote')} ${bold(printable(path))}: ${changeText(delta)}\n`;
}

function changeText({ fromVersion, toVersion, operations }: Delta): string {
  return `version ${printable(fromVersion)} to ${printable(toVersion)}, ${countOf(operations.length, 'step')}`;
}

function operationText(operation: DeltaOperation): string {
  if (operation.kind === 'manifest')
    return `manifest ${printable(operation.field)} = ${printable(operation.value)}`;
  const { bytes } = operationJson(operation);
  const size = bytes === undefined || bytes === 0 ? '' : ` (${formatBytes(bytes)})`;
  return `${operation.kind} ${printable(operation.name)}${size}`;
}
