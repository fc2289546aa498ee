import type { Limits } from '@torsh/bytes';
import { type JsonScanner, scanJson } from '@torsh/core';
import { fileName } from './config-file.ts';

/** A weight of a compiled model: a look at the tensor that a record holds. Counts are in elements. */
export interface CompiledWeight {
  readonly file: string;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** Reads the `weights_config.json` of AOTInductor: name → `[file, shape, stride, offset]`. */
export function parseCompiledWeights(text: string, limits: Limits): ReadonlyMap<string, CompiledWeight> {
  const scanner = scanJson(text, { what: 'weights_config.json', depth: limits.depth, base: 0 });
  const weights = new Map<string, CompiledWeight>();
  scanner.object((name, at) => {
    if (weights.has(name)) scanner.fail(`The config has ${JSON.stringify(name)} twice.`, at);
    weights.set(name, parseWeight(scanner, limits));
    if (weights.size > limits.entries)
      scanner.fail(`The config has more than ${limits.entries} tensors (limit entries).`, at, 'limit');
  });
  scanner.end();
  return weights;
}

function parseWeight(scanner: JsonScanner, limits: Limits): CompiledWeight {
  const start = scanner.position();
  let file: string | undefined;
  let size: number[] | undefined;
  let stride: number[] | undefined;
  let offset: number | undefined;
  scanner.array((index) => {
    if (index === 0) file = fileName(scanner.string(), scanner.position(), scanner);
    else if (index === 1) size = integers(scanner, limits);
    else if (index === 2) stride = integers(scanner, limits);
    else if (index === 3) offset = scanner.integer();
    else scanner.fail('A weight has more than file, shape, stride and offset.', scanner.position());
  });
  if (file === undefined || size === undefined || stride === undefined || offset === undefined)
    return scanner.fail('A weight should have file, shape, stride and offset.', start);
  return { file, size, stride, offset };
}

function integers(scanner: JsonScanner, { dimensions }: Limits): number[] {
  const values: number[] = [];
  scanner.array((index) => {
    if (index >= dimensions)
      scanner.fail(`A tensor has more than ${dimensions} dimensions.`, scanner.position(), 'limit');
    values.push(scanner.integer());
  });
  return values;
}
