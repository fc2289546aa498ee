import type { ByteSource } from '@torsh/bytes';
import type { DType } from './dtype.ts';

/** A value of JSON. Objects that come from files have no prototype or are plain; keys such as `__proto__` are data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Dense, row-major, little-endian. A window on the original file: nothing is copied to open it. */
export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ByteSource;
}

/** Named tensors that belong together: one safetensors file. Names are unique within a model. */
export interface Model {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Tied weights: other name → name in `tensors`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** What safetensors calls `__metadata__`. */
  readonly metadata: { readonly [key: string]: string };
}

export type ResourceRole =
  | 'program'
  | 'code'
  | 'config'
  | 'tokenizer'
  | 'document'
  | 'licence'
  | 'data'
  | 'other';

/** Any other file of the model, carried byte for byte and never run. */
export interface Resource {
  readonly path: string;
  readonly role: ResourceRole;
  readonly mediaType: string;
  readonly data: ByteSource;
}

/** What every format is read into and written from. Immutable: change one by making another. */
export interface Archive {
  /** The id of the format it came from. */
  readonly origin: string;
  readonly models: ReadonlyMap<string, Model>;
  readonly resources: ReadonlyMap<string, Resource>;
  /** One namespace for each format that has something to say: `{ torch: …, torsh: … }`. */
  readonly metadata: { readonly [namespace: string]: Json };
  /** Namespaces of `metadata` that say how a file was written, not what the model is: to drop one is no loss, only noted. */
  readonly incidental: ReadonlySet<string>;
}

/** The name of the model of a file that holds one model and does not name it. */
export const DEFAULT_MODEL = 'model';

/** A model from its tensors; what is left out is empty. */
export function model(
  tensors: Iterable<Tensor>,
  rest: {
    name?: string;
    aliases?: ReadonlyMap<string, string>;
    metadata?: { readonly [key: string]: string };
  } = {},
): Model {
  const { name = DEFAULT_MODEL, aliases = new Map(), metadata = {} } = rest;
  const byName = new Map<string, Tensor>();
  for (const tensor of tensors) byName.set(tensor.name, tensor);
  return { name, aliases, metadata, tensors: byName };
}

/** An archive from its parts; what is left out is empty. */
export function archive(
  origin: string,
  parts: {
    models?: Iterable<Model>;
    resources?: Iterable<Resource>;
    metadata?: { readonly [namespace: string]: Json };
    incidental?: Iterable<string>;
  },
): Archive {
  return {
    origin,
    models: new Map(Array.from(parts.models ?? [], (each) => [each.name, each])),
    resources: new Map(Array.from(parts.resources ?? [], (each) => [each.path, each])),
    metadata: parts.metadata ?? {},
    incidental: new Set(parts.incidental),
  };
}

/** Every tensor of an archive with the name of its model. */
export function* tensorsOf(whole: Archive): Generator<readonly [model: string, tensor: Tensor]> {
  for (const [name, { tensors }] of whole.models) for (const tensor of tensors.values()) yield [name, tensor];
}
