import { type GlobGroup, globGroup } from '@torsh/python';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../usage.ts';

/** The files that `--include` and `--exclude` take: all of them where neither is given. */
export function filePatterns(given: Arguments): GlobGroup {
  const [include, exclude] = [given.all('include'), given.all('exclude')];
  try {
    return globGroup(include.length === 0 ? '**' : include, { exclude, separator: '/' });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message}.`, 'help tree');
    throw error;
  }
}
