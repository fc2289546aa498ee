import { type Limits, TorshError } from '@torsh/bytes';
import type { Tensor } from '../archive.ts';
import { type DType, isDType, isPhysical, storedAs } from '../dtype.ts';
import { scanJson } from './json.ts';
import { nameOrder } from './order.ts';

/** The key of `__metadata__` that declares types that safetensors lacks: JSON text, name → `{dtype, shape}`. */
export const DTYPES_KEY = 'torsh.dtypes';

/** The key of `__metadata__` that declares tied weights: JSON text, other name → name. */
export const ALIASES_KEY = 'torsh.aliases';

/** What safetensors has no place for and torsh writes into `__metadata__`. */
export interface Declarations {
  readonly dtypes: ReadonlyMap<string, { readonly dtype: DType; readonly shape: readonly number[] }>;
  readonly aliases: ReadonlyMap<string, string>;
}

/** The texts for `__metadata__`; a key is left out where there is nothing to declare. */
export function formatDeclarations(
  tensors: Iterable<Pick<Tensor, 'name' | 'dtype' | 'shape'>>,
  aliases: ReadonlyMap<string, string>,
): { [key: string]: string } {
  const logical = Array.from(tensors).filter(({ dtype }) => !isPhysical(dtype));
  return {
    ...entry(
      DTYPES_KEY,
      logical.map(({ name, dtype, shape }) => [name, { dtype, shape }]),
    ),
    ...entry(ALIASES_KEY, [...aliases]),
  };
}

/** One text of JSON, its keys sorted: `JSON.stringify` of an object would put names that are numbers first. */
function entry(key: string, pairs: readonly (readonly [string, unknown])[]): { [key: string]: string } {
  if (pairs.length === 0) return {};
  const order = nameOrder(pairs.map(([name]) => name));
  const sorted = [...pairs].sort(([a], [b]) => order(a, b));
  return {
    [key]: `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  };
}

/** Reads the declarations of a `__metadata__`, and gives the rest of it. */
export function parseDeclarations(
  metadata: { readonly [key: string]: string },
  limits: Pick<Limits, 'depth' | 'dimensions'>,
): { readonly declarations: Declarations; readonly rest: { readonly [key: string]: string } } {
  const dtypes = new Map<string, { dtype: DType; shape: readonly number[] }>();
  const aliases = new Map<string, string>();
  const scan = (key: string, member: (scanner: ReturnType<typeof scanJson>, name: string) => void): void => {
    if (!Object.hasOwn(metadata, key)) return;
    const scanner = scanJson(metadata[key]!, { what: `the metadata ${key}`, depth: limits.depth });
    const seen = new Set<string>();
    scanner.object((name) => {
      if (seen.has(name)) scanner.fail(`The metadata ${key} has the name ${JSON.stringify(name)} twice.`);
      seen.add(name);
      member(scanner, name);
    });
    scanner.end();
  };
  scan(DTYPES_KEY, (scanner, name) => {
    let dtype: string | undefined;
    const shape: number[] = [];
    let shapes = 0;
    scanner.object((field) => {
      if (field === 'dtype' && dtype === undefined) dtype = scanner.string();
      else if (field === 'shape' && shapes++ === 0) {
        scanner.array((index) => {
          if (index >= limits.dimensions)
            scanner.fail(`${name} has more than ${limits.dimensions} dimensions.`, undefined, 'limit');
          shape.push(scanner.integer());
        });
      } else
        scanner.fail(
          `The metadata ${DTYPES_KEY} has the field ${JSON.stringify(field)}, which does not belong there.`,
        );
    });
    if (dtype === undefined || shapes === 0 || !isDType(dtype) || isPhysical(dtype)) {
      return scanner.fail(
        `The metadata ${DTYPES_KEY} declares no known type and shape for ${JSON.stringify(name)}.`,
      );
    }
    dtypes.set(name, { dtype, shape });
  });
  scan(ALIASES_KEY, (scanner, name) => aliases.set(name, scanner.string()));
  const rest = Object.entries(metadata).filter(([key]) => key !== DTYPES_KEY && key !== ALIASES_KEY);
  return { declarations: { dtypes, aliases }, rest: Object.fromEntries(rest) };
}

/** The tensors with their declared types; fails where a declaration does not fit what is stored. */
export function applyDeclarations(
  tensors: ReadonlyMap<string, Tensor>,
  { dtypes, aliases }: Declarations,
): ReadonlyMap<string, Tensor> {
  for (const [other, name] of aliases) {
    if (tensors.has(other)) throw wrong(ALIASES_KEY, other, 'it is the name of a tensor already');
    if (!tensors.has(name)) throw wrong(ALIASES_KEY, other, `there is no tensor ${JSON.stringify(name)}`);
  }
  if (dtypes.size === 0) return tensors;
  const declared = new Map(tensors);
  for (const [name, { dtype, shape }] of dtypes) {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw wrong(DTYPES_KEY, name, 'there is no such tensor');
    const stored = storedAs(dtype, shape);
    if (stored.dtype !== tensor.dtype || String(stored.shape) !== String(tensor.shape)) {
      throw wrong(
        DTYPES_KEY,
        name,
        `${dtype} [${shape}] is stored as ${stored.dtype} [${stored.shape}], not ${tensor.dtype} [${tensor.shape}]`,
      );
    }
    declared.set(name, { ...tensor, dtype, shape });
  }
  return declared;
}

function wrong(key: string, name: string, why: string): TorshError {
  return new TorshError('malformed', `The metadata ${key} is wrong about ${JSON.stringify(name)}: ${why}.`);
}
