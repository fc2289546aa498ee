import { type ByteSource, decodeUtf8, locateError, readAll, TorshError } from '@torsh/bytes';
import type { Context, JsonObject, Tensor } from '@torsh/core';
import type { Found } from '../object/register.ts';
import type { Report } from '../object/report.ts';
import type { Container } from '../zip/container.ts';

/** A file that is being opened, and what has been found in it so far. */
export interface Opening {
  readonly container: Container;
  readonly context: Context;
  readonly report: Report;
  readonly fileBytes: number;
  /** Records that are in the archive as tensors or metadata; all others become resources. */
  readonly used: Set<string>;
  /** All tensors, so that their size can be compared with that of the file. */
  readonly found: Found[];
}

/** The weights or the constants of a program. */
export interface Part {
  readonly tensors: readonly Tensor[];
  readonly aliases: ReadonlyMap<string, string>;
  /** The names by which the program speaks of them, objects that are no tensors among them. */
  readonly names: ReadonlySet<string>;
  /** What else is known of them, for the metadata. */
  readonly facts: JsonObject;
  /** True where they are tensors under names and nothing else. */
  readonly plain: boolean;
}

/** A record that must be there; from now on it counts as used. */
export function recordOf({ container, used }: Opening, path: string): ByteSource {
  const source = container.record(path);
  if (source === undefined)
    throw new TorshError('malformed', `The record ${path} is missing. The file is not complete.`, { path });
  used.add(path);
  return source;
}

/** Reads a record of JSON with `parse`; what is wrong with it is wrong at its path. */
export async function jsonRecord<T>(
  source: ByteSource,
  path: string,
  context: Context,
  parse: (text: string) => T,
): Promise<T> {
  try {
    const text = decodeUtf8(await readAll(source, context.limits.headerBytes, context));
    if (text === undefined) throw new TorshError('malformed', `The record ${path} is not valid UTF-8.`);
    return parse(text);
  } catch (error) {
    throw locateError(error, { path });
  }
}
