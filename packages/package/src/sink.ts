import fs from 'node:fs';
import type { ByteSink } from '@torsh/bytes';
import { fileToReplace, type Replaceable, toFile } from '@torsh/node';
import type { SaveOptions } from './options.ts';
import type { OpenPlace } from './place.ts';

/** An open file as one that may be replaced. Asked for at once: what others do to it from now on is not lost. */
export function ownFile({ path }: OpenPlace): Replaceable | undefined {
  return path === undefined ? undefined : fileToReplace(path);
}

/** Where the successor of a file goes: to a path, or in its own place where none, or its own, is given. */
export async function sinkFor(
  own: Replaceable | undefined,
  path: string | undefined,
  options: SaveOptions,
): Promise<ByteSink> {
  if (path === undefined && own === undefined)
    throw new TypeError('this package lies on no disk; name a path to save it to');
  const inPlace = own !== undefined && (path === undefined || isSame(path, own.path));
  return inPlace ? own.replace(options) : toFile(path!, options);
}

function isSame(path: string, whole: string): boolean {
  return fs.existsSync(path) && fs.realpathSync.native(path) === whole;
}
