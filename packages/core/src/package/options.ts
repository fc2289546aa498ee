import { createContext, type Options } from '../context.ts';
import type { Context } from '../format.ts';

/** What a caller lends to the functions of packages; only the platform is needed. */
export type PackageOptions = Omit<Options, 'formats'>;

/** The context of one call: a package is of one format, and nothing else is opened. */
export function contextOf(options: PackageOptions): Context {
  return createContext({ ...options, formats: [] });
}
