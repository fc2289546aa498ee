import type { JsonObject } from '@torsh/core';

/** What the metadata of a package say, in the namespace `torch`; see docs/formats/torch-package.md. */
export interface PackageFacts {
  readonly kind: typeof KIND;
  /** The folder that all records lie in. */
  readonly folder: string;
  readonly version?: string;
  readonly python_version?: string;
  /** Modules that the package takes from wherever it is loaded. */
  readonly externs: readonly string[];
  readonly pickles: { readonly [record: string]: PickleFacts };
  readonly scripts: { readonly [id: string]: ScriptFacts };
  /** Storages that tensors show, by their records. */
  readonly storages: { readonly [record: string]: StorageFacts };
  /** Tensors whose bytes lie in their pickle. */
  readonly embedded: readonly ViewFacts[];
  /** Every record, in the order of the file. */
  readonly records: readonly string[];
  /** Short records that are not among the resources, as they are. */
  readonly texts: { readonly [record: string]: string };
  /** Resources whose names no archive can have, and what their records are called. */
  readonly paths: { readonly [path: string]: string };
}

/** What the namespace says that it is. */
export const KIND = 'torch.package';

/** The folder of records that have none: as torch calls it where it writes to no file of a name. */
export const FOLDER = 'archive';

/** A pickle. */
export interface PickleFacts {
  readonly protocol: number;
  readonly title?: string;
  /** The models of its tensors: of its state dict, and of what is in none. */
  readonly models: readonly string[];
}

export interface ScriptFacts {
  readonly models: readonly string[];
}

/** The bytes of a storage, from tensors and from what no tensor shows. */
export interface StorageFacts {
  readonly bytes: number;
  readonly tensors: readonly ViewFacts[];
  /** The resource with the bytes that no tensor shows, one stretch behind the other. */
  readonly rest?: string;
}

/** A tensor of a model, and where it lies in a storage. */
export interface ViewFacts {
  readonly model: string;
  /** The name of the tensor, and behind it the other names that it is tied to. */
  readonly names: readonly string[];
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Where it begins, in bytes. */
  readonly start: number;
  /** How it lies, where that is not row by row: counts of torch's elements. */
  readonly size?: readonly number[];
  readonly stride?: readonly number[];
  readonly conj?: true;
  readonly neg?: true;
}

/** Facts as JSON: optional keys are absent, never `undefined`. */
export function toJson(facts: PackageFacts & { readonly shape?: unknown }): JsonObject {
  return facts as unknown as JsonObject;
}
