import type { Archive, Json, JsonObject } from '@torsh/core';
import { some } from './some.ts';

/** What a torch.package says of itself: its pickles, its modules, what it needs from outside, and the Python that made it. */
export function torchPackageRows({ metadata, resources }: Archive): [string, string][] {
  const { torch } = metadata;
  if (!isObject(torch) || torch.kind !== 'torch.package') return [];
  const { pickles, externs, python_version: python } = torch;
  const modules = [...resources.values()].filter(
    ({ role, path }) => role === 'code' && !path.startsWith('.data/'),
  );
  const rows: [string, readonly string[]][] = [
    ['pickles', isObject(pickles) ? Object.keys(pickles) : []],
    ['modules', modules.map(({ path }) => path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.'))],
    ['externs', Array.isArray(externs) ? externs.map(String) : []],
    ['python', typeof python === 'string' ? [python] : []],
  ];
  return rows.flatMap(([name, all]) => (all.length === 0 ? [] : [[name, some(all)] as [string, string]]));
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
