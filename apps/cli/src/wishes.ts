import fs from 'node:fs';
import nodePath from 'node:path';
import { type Json, parseRenames, type RenameRule, type Wishes } from '@torsh/core';
import type { Arguments } from './arguments.ts';
import { UsageError } from './usage.ts';

/** What `--select` and `--rename` ask for. */
export function wishesOf(given: Arguments, cwd: string): Wishes {
  const select = given.all('select').flatMap((parts) => parts.split(',').filter((each) => each !== ''));
  const path = given.text('rename');
  return path === undefined ? { select } : { select, rename: renamesIn(path, cwd) };
}

/** New names from a file; whatever is wrong with it is wrong on the command line. */
function renamesIn(path: string, cwd: string): readonly RenameRule[] {
  try {
    return parseRenames(JSON.parse(fs.readFileSync(nodePath.resolve(cwd, path), 'utf8')) as Json);
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new UsageError(`--rename ${path}: ${why}`, 'help convert');
  }
}
