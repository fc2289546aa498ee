import { TorshError } from '@torsh/bytes';
import type { Archive, Json, JsonObject } from '@torsh/core';
import { TORCH } from '../../object/namespace.ts';
import { KIND, type PackageFacts, type StorageFacts, type ViewFacts } from './facts.ts';

/** The part of the facts that a writer goes by. */
export type WrittenFacts = Pick<
  PackageFacts,
  'folder' | 'records' | 'texts' | 'paths' | 'storages' | 'embedded'
> & { readonly pickles: ReadonlySet<string> };

/** True for an archive that a package was read into, whatever has become of it since. */
export function isPackage({ metadata }: Archive): boolean {
  const torch = metadata[TORCH];
  return isObject(torch) && torch.kind === KIND;
}

/** What the metadata say of the package that an archive was. They may come from any file, so all of it is checked. */
export function parseFacts({ metadata }: Archive): WrittenFacts {
  const torch = metadata[TORCH] as JsonObject;
  const { folder, records, texts, paths, storages, embedded, pickles } = torch;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (typeof folder !== 'string' || /[/\\\u0000-\u001f]|^\.{1,2}$/.test(folder)) throw misfit('folder');
  if (!isTexts(records) || new Set(records).size !== records.length) throw misfit('records');
  if (!isMap(texts, isText)) throw misfit('texts');
  if (!isMap(paths, isText)) throw misfit('paths');
  if (!isMap(storages, isStorage)) throw misfit('storages');
  if (!Array.isArray(embedded) || !embedded.every(isView)) throw misfit('embedded');
  if (!isObject(pickles)) throw misfit('pickles');
  return {
    folder,
    records,
    texts,
    paths,
    storages,
    embedded: embedded as readonly ViewFacts[],
    pickles: new Set(Object.keys(pickles)),
  };
}

function misfit(what: string): TorshError {
  return new TorshError('malformed', `What its metadata say of ${what} is not understood.`);
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

const isText = (json: Json | undefined): json is string => typeof json === 'string';
const isCount = (json: Json | undefined): json is number =>
  Number.isSafeInteger(json) && (json as number) >= 0;

function isTexts(json: Json | undefined): json is readonly string[] {
  return Array.isArray(json) && json.every(isText);
}

function isCounts(json: Json | undefined): json is readonly number[] {
  return Array.isArray(json) && json.every(isCount);
}

function isMap<T>(
  json: Json | undefined,
  is: (value: Json | undefined) => value is T & Json,
): json is { readonly [key: string]: T & Json } {
  return isObject(json) && Object.values(json).every(is);
}

function isStorage(json: Json | undefined): json is StorageFacts & Json {
  if (!isObject(json)) return false;
  const { bytes, tensors, rest } = json;
  const isRest = rest === undefined || isText(rest);
  return isCount(bytes) && Array.isArray(tensors) && tensors.every(isView) && isRest;
}

function isView(json: Json): boolean {
  if (!isObject(json)) return false;
  const { model, names, dtype, shape, start, size, stride, conj, neg } = json;
  const isPlace = isCounts(shape) && isCount(start);
  const lying = (isCounts(size) && isCounts(stride)) || (size === undefined && stride === undefined);
  const isFlag = (flag: Json | undefined) => flag === undefined || flag === true;
  const named = isText(model) && isTexts(names) && names.length > 0 && isText(dtype);
  return named && isPlace && lying && isFlag(conj) && isFlag(neg);
}
