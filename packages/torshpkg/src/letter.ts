import { type Context, type Json, type JsonObject, parseJson } from '@torsh/core';
import { type CrateManifest, isObject } from './manifest.ts';

/** The key in the manifest's `metadata` under which an archive of ours says what the crate has no place for. */
export const LETTER = 'torsh';

/** What the crate has no place for; the crate keeps the text of it. */
export interface Letter {
  /** What becomes the head of a `.torsh` manifest. */
  readonly torsh?: JsonObject | undefined;
  /** The values that stand in the manifest only because it must have some. */
  readonly invented: JsonObject;
  /** All other namespaces of metadata. */
  readonly records: JsonObject;
  readonly incidental: readonly string[];
}

/** The letter in a manifest; `undefined` in those that the crate wrote. */
export function readLetter(manifest: CrateManifest, context: Context): Letter | undefined {
  const text = Object.hasOwn(manifest.metadata, LETTER) ? manifest.metadata[LETTER] : undefined;
  if (text === undefined) return undefined;
  const value = quietly(text, context);
  // Somebody else may use this name, too.
  if (!isObject(value) || !isObject(value.invented) || !isObject(value.records)) return undefined;
  const { invented, records, torsh, incidental } = value;
  return {
    torsh: isObject(torsh) ? torsh : undefined,
    invented,
    records,
    incidental: Array.isArray(incidental) ? (incidental as readonly Json[]).map(String) : [],
  };
}

function quietly(text: string, context: Context): Json | undefined {
  try {
    return parseJson(new TextEncoder().encode(text), 'metadata.torsh', context.limits);
  } catch {
    return undefined;
  }
}
