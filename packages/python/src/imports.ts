import type { Limits } from '@torsh/bytes';
import { findReferences, type ImportReference } from './references.ts';
import { packageOf } from './relative.ts';
import { SyntaxFailure } from './source/failure.ts';
import { parse } from './source/parse.ts';

/** Where source text stands: relative imports are seen from here. */
export interface ModulePlace {
  readonly module: string;
  readonly isPackage: boolean;
}

/** Why a module could not be understood, and the line if there is one. */
export interface SourceFailure {
  /** A sentence in the manner of Python's own, with the line. */
  readonly message: string;
  readonly line?: number;
}

/** What a module imports, or why that is not known. */
export interface Imports {
  readonly references: readonly ImportReference[];
  readonly failure?: SourceFailure;
}

/**
 * What Python source imports, by the rules of torch.package: statements wherever they stand, and calls of `__import__`
 * with literals. The source is parsed and never run; what is not Python is a failure in the result, not an error.
 */
export function imports(source: string, { module, isPackage }: ModulePlace, limits: Limits): Imports {
  if (source.length > limits.sourceLength) {
    const message = `the source has ${source.length} characters, and the limit is ${limits.sourceLength}`;
    return { references: [], failure: { message } };
  }
  if (source.includes('\0')) return fail('source code string cannot contain null bytes');
  const text = source.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  try {
    return { references: findReferences(parse(text), packageOf(module, isPackage)) };
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    return error.offset < 0 ? fail(error.message) : failAt(error, text);
  }
}

function fail(message: string): Imports {
  return { references: [], failure: { message } };
}

function failAt({ message, offset }: SyntaxFailure, text: string): Imports {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return { references: [], failure: { message: `${message} (<unknown>, line ${line})`, line } };
}
