import type { ExportNode } from './node.ts';

/** Why a module without a text cannot be packaged, by the file that it has instead. */
export function problemOf(file: string | undefined): ExportNode {
  if (file === undefined) return { problem: 'no-dunder-file' };
  if (/\.(so|pyd)$/.test(file)) return { problem: 'is-extension-module' };
  return { problem: 'source-file-not-found', context: `filename: ${file}` };
}
