import type { Archive } from './archive.ts';
import { createContext, type Options } from './context.ts';
import type { Input } from './format.ts';
import { openIn } from './open-in.ts';

/** Finds the format of an input and opens it: headers are read, weights are not. */
export async function open(input: Input, options: Options & { from?: string | undefined }): Promise<Archive> {
  return openIn(input, options.formats, createContext(options), options.from);
}
