import type { Archive, Json } from '@torsh/core';
import { MANIFEST } from './layout.ts';
import { isObject } from './manifest.ts';

/** The namespace of `Archive.metadata` that says how a package was written. */
export const NAMESPACE = 'torshpkg';

/** An entry of the package that was read. */
export interface EntryRecord {
  readonly path: string;
  /** The DOS date and time in one number. */
  readonly modified: number;
  /** The model that it became; a file where absent. */
  readonly model?: string | undefined;
  /** The JSON text of a safetensors header that is not in the canonical form. */
  readonly header?: string | undefined;
}

/** How the package was written from which an archive comes, if all of it is still there. */
export function recordOf({ metadata, resources }: Archive): readonly EntryRecord[] | undefined {
  const record = metadata[NAMESPACE];
  if (!isObject(record) || !Array.isArray(record.entries) || !resources.has(MANIFEST)) return undefined;
  const entries = (record.entries as readonly Json[]).map(entryOf);
  if (entries.some((entry) => entry === undefined)) return undefined;
  return entries as readonly EntryRecord[];
}

function entryOf(value: Json): EntryRecord | undefined {
  if (!isObject(value)) return undefined;
  const { path, modified, model, header } = value;
  if (typeof path !== 'string' || !Number.isInteger(modified) || (modified as number) < 0) return undefined;
  if ((modified as number) > 0xffffffff) return undefined;
  return {
    path,
    modified: modified as number,
    model: typeof model === 'string' ? model : undefined,
    header: typeof header === 'string' ? header : undefined,
  };
}
