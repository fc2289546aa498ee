import {
  ALIASES_KEY,
  type Archive,
  DTYPES_KEY,
  type Issue,
  storedAs,
  tensorFlaw,
  tensorsOf,
} from '@torsh/core';
import type { SafetensorsOptions } from './options.ts';

/** What safetensors cannot hold although it knows the type: names that are taken or not text, halves of a byte. */
export function examine(archive: Archive, { tolerant }: SafetensorsOptions): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [, { name, dtype, shape }] of tensorsOf(archive)) {
    const flaw =
      tensorFlaw({ name, ...storedAs(dtype, shape) }) ?? (tolerant === true ? undefined : nameFlaw(name));
    if (flaw === undefined) continue;
    issues.push({
      severity: 'blocker',
      code: 'tensor',
      message: `The tensor ${JSON.stringify(name)} ${flaw}.`,
      subject: name,
    });
  }
  for (const { metadata } of archive.models.values()) {
    for (const key of [DTYPES_KEY, ALIASES_KEY]) {
      if (!Object.hasOwn(metadata, key)) continue;
      const message = `The metadata ${key} would be replaced: torsh keeps its own notes under this name.`;
      issues.push({ severity: 'loss', code: 'reserved-metadata', message, subject: key });
    }
  }
  return issues;
}

/** Names that the reference library takes and a strict reader refuses; to write them would be to write half a file. */
function nameFlaw(name: string): string | undefined {
  if (name === '') return 'has an empty name';
  return name.includes('\0') ? 'has a NUL character in its name' : undefined;
}
