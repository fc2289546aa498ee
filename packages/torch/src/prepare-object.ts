import { isTorshError, type Limits, TorshError } from '@torsh/bytes';
import { type Archive, DEFAULT_MODEL, type JsonObject, type Model, model, type Tensor } from '@torsh/core';
import type { AssembleOptions, PickleValue } from '@torsh/pickle';
import { type ArrayBytes, arrayBytes } from './data/array-bytes.ts';
import { type Shown, type StorageFile, storageBytes } from './data/storage-bytes.ts';
import { TORCH } from './object/namespace.ts';
import { EXTRA, type Named } from './object/register.ts';
import { restore, storageKey } from './object/restore.ts';
import { stateDict } from './object/state-dict.ts';
import { type Storage, shapeOf } from './object/view.ts';
import { walk } from './object/walk.ts';

/** An archive as the object that will be pickled. */
export interface Prepared {
  /** The object that the archive came from, or a plain state dict of its tensors. */
  readonly form: 'object' | 'state dict';
  readonly value: PickleValue;
  readonly protocol: NonNullable<AssembleOptions['protocol']>;
  /** The bytes of each storage that the object names, by its key there. */
  readonly storages: ReadonlyMap<string, StorageFile>;
  /** The arrays within the object, whose elements are zeros until they are filled in. */
  readonly arrays: readonly ArrayBytes[];
  /** How many storages of the object were parts of others and are written as copies. */
  readonly copies: number;
  /** Why the object is not given back although the archive has one. */
  readonly reason?: string;
}

/** Kinds of files whose structure is the object that torch.save would be given. */
const KINDS = /^(torch\.save\b.*|pickle)$/;

/** Gives the object back where the archive came from one that still fits its tensors; else makes a state dict. */
export function prepare(archive: Archive, limits: Limits): Prepared {
  const torch = archive.metadata[TORCH];
  if (!isObject(torch) || (torch.structure === undefined && torch.kind === undefined)) return plain(archive);
  const { kind } = torch;
  if (typeof kind !== 'string' || !KINDS.test(kind) || torch.structure === undefined) {
    const what = typeof kind === 'string' ? `a ${kind} file` : 'another kind of file';
    return plain(archive, `It is that of ${what}, which torch.save does not write.`);
  }
  try {
    return original(archive, torch, limits);
  } catch (error) {
    if (isTorshError(error)) return plain(archive, error.message);
    throw error;
  }
}

/** A model as a state dict, and its tensors as the storages of that. */
export function prepareModel(only: Model): Pick<Prepared, 'value' | 'storages'> {
  const storages = new Map(
    Array.from(
      only.tensors.values(),
      ({ name, data }) => [name, { size: data.size, sources: [data] }] as const,
    ),
  );
  return { value: stateDict(only), storages };
}

/** The model that a state dict is made of: the usual one where there are several. */
export function mainOf({ models }: Archive): Model | undefined {
  const [first] = models.values();
  return models.get(DEFAULT_MODEL) ?? (models.size === 1 ? first : undefined);
}

function plain(archive: Archive, reason?: string): Prepared {
  const rest = reason === undefined ? {} : { reason };
  const state = prepareModel(mainOf(archive) ?? model([]));
  return { form: 'state dict', ...state, protocol: 2, arrays: [], copies: 0, ...rest };
}

/** The object that was read, with the tensors of the archive in it. Throws where the two do not fit. */
function original(archive: Archive, torch: JsonObject, limits: Limits): Prepared {
  const models = modelsOf(archive);
  const listed = isObject(torch.storages) ? torch.storages : {};
  const tensor = (name: string, inModel = DEFAULT_MODEL) => tensorIn(models.get(inModel), name);
  const restored = restore(torch.structure!, { limits, storages: listed, tensor });
  const { value, copies } = restored;
  // The walk that gave the tensors their names gives the same names again, and says what each shows of which storage.
  const walked = walk(value, { limits, record: (key) => key, arrays: torch.kind === 'pickle' });
  const arrays: ArrayBytes[] = [];
  const parts = new Map<string, Named>([
    [DEFAULT_MODEL, walked],
    [EXTRA, walked.extra],
  ]);
  for (const [name, each] of models) checkNames(each, parts.get(name)!);
  const shown = new Map<string, { readonly storage: Storage; readonly views: Shown[] }>();
  for (const { name, view, model: inModel } of [...walked.found, ...walked.extra.found]) {
    const found = tensor(name, inModel);
    if (found === undefined) throw misfit(`It has the tensor ${name}, which is not there any more.`);
    if (found.dtype !== view.type.dtype || found.shape.join() !== shapeOf(view).join())
      throw misfit(`The tensor ${name} is not of the type and shape that it says.`);
    const { key, bytes } = view.storage;
    if (view.array !== undefined) arrays.push(arrayBytes(view, bytes!, found.data));
    // Tensors that came as arrays inside of the pickle are there again.
    if (bytes !== undefined) continue;
    const held = shown.get(key) ?? { storage: view.storage, views: [] };
    shown.set(key, held);
    held.views.push({ view, data: found.data });
  }
  for (const key of restored.storages) {
    if ((listed[key] as JsonObject).numel !== 0 && !shown.has(storageKey(key)))
      throw misfit(`It has the storage ${key}, whose bytes no tensor shows.`);
  }
  const storages = new Map<string, StorageFile>();
  for (const [key, { storage, views }] of shown) {
    const size = storage.numel * storage.type.itemBytes;
    storages.set(key, storageBytes(size, views));
  }
  return { form: 'object', value, protocol: protocolOf(torch), storages, arrays, copies };
}

/** The models under the names that a structure knows: the usual one, and what is in no state dict. */
function modelsOf(archive: Archive): ReadonlyMap<string, Model> {
  const main = mainOf(archive);
  const extra = archive.models.get(EXTRA);
  const known = new Map<string, Model>([
    ...(main === undefined ? [] : [[DEFAULT_MODEL, main] as const]),
    ...(extra === undefined || extra === main ? [] : [[EXTRA, extra] as const]),
  ]);
  if (known.size !== archive.models.size) throw misfit('The archive has models that it does not know.');
  return known;
}

/** Every name of the archive must be in the object, or it would be lost. */
function checkNames({ tensors, aliases }: Model, { found, aliases: known }: Named): void {
  const names = new Set([...found.map(({ name }) => name), ...known.keys()]);
  for (const name of [...tensors.keys(), ...aliases.keys()])
    if (!names.has(name)) throw misfit(`It does not have the tensor ${name}.`);
}

/** That of the source, where its persistent ids can be more than text. */
function protocolOf({ protocol }: JsonObject): Prepared['protocol'] {
  return protocol === 1 || protocol === 3 || protocol === 4 || protocol === 5 ? protocol : 2;
}

function tensorIn(within: Model | undefined, name: string): Tensor | undefined {
  return within?.tensors.get(name) ?? within?.tensors.get(within.aliases.get(name) ?? '');
}

function misfit(what: string): TorshError {
  return new TorshError('malformed', what);
}

function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
