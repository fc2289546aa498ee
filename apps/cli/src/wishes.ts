import fs from 'node:fs';
import nodePath from 'node:path';
import { type Json, parseRenames, type RenameRule, RequestError, type Wishes } from '@torsh/core';
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
  const wrong = (why: string) => new UsageError(`--rename ${path}: ${why}`, 'help convert');
  let text: string;
  try {
    text = fs.readFileSync(nodePath.resolve(cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrong(code === 'ENOENT' ? 'there is no such file.' : `it cannot be read (${code}).`);
  }
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    throw wrong('it is not JSON.');
  }
  try {
    return parseRenames(json);
  } catch (error) {
    throw error instanceof RequestError ? wrong(error.message) : error;
  }
}
