import fs from 'node:fs';
import type { ByteSink } from '@torsh/bytes';
import { fileToReplace, toFile } from '@torsh/node';
import type { SaveOptions } from './options.ts';
import type { OpenPlace } from './place.ts';

/** Where the successor of an open file goes: to a path, or in its own place where none, or its own, is given. */
export async function sinkFor(
  { path: own }: OpenPlace,
  path: string | undefined,
  options: SaveOptions,
): Promise<ByteSink> {
  if (path === undefined && own === undefined)
    throw new TypeError('this package lies on no disk; name a path to save it to');
  const inPlace = own !== undefined && (path === undefined || isSame(path, own));
  return inPlace ? fileToReplace(own).replace(options) : toFile(path!, options);
}

function isSame(path: string, own: string): boolean {
  return fs.existsSync(path) && fs.realpathSync.native(path) === fs.realpathSync.native(own);
}
