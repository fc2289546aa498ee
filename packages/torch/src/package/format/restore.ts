import { type ByteSource, pathFlaw, slice, TorshError } from '@torsh/bytes';
import type { Archive, DType, Resource, Tensor } from '@torsh/core';
import { storageBytes } from '../../data/storage-bytes.ts';
import { elementType } from '../../object/storage-types.ts';
import { type RecordFile, recordOf } from '../../zip/write-container.ts';
import type { StorageFacts, ViewFacts } from './facts.ts';
import type { WrittenFacts } from './parse-facts.ts';
import { piecesOf } from './pieces.ts';
import { SERIALIZATION_ID } from './texts.ts';

/** A package that is ready to be written. */
export interface PackageToWrite {
  readonly folder: string;
  readonly records: readonly RecordFile[];
  /** True where the writer is to add the serialization id. */
  readonly id: boolean;
}

/**
 * The records that an archive came from, from what it has now: pickles and sources as they were, storages from tensors.
 * Throws where a tensor has another name, type or shape than the pickles say, or where something is missing.
 */
export function restorePackage(whole: Archive, facts: WrittenFacts): PackageToWrite {
  const { folder, records, texts, paths, storages, embedded } = facts;
  const tensors = tensorsBy(whole, [...Object.values(storages).flatMap((each) => each.tensors), ...embedded]);
  const pathOf = new Map(Object.entries(paths).map(([path, record]) => [record, path]));
  const left = new Map(whole.resources);
  const take = (path: string, what: string): Resource => {
    const found = left.get(path);
    if (found === undefined) throw misfit(`${what} is not there any more`);
    left.delete(path);
    return found;
  };
  const id = records.at(-1) === SERIALIZATION_ID && !Object.hasOwn(texts, SERIALIZATION_ID);
  const files = (id ? records.slice(0, -1) : records).map((name): RecordFile => {
    if (Object.hasOwn(texts, name)) return recordOf(name, texts[name]!);
    const storage = Object.hasOwn(storages, name) ? storages[name]! : undefined;
    const path = pathOf.get(name) ?? name;
    if (storage === undefined) return { name, sources: [take(path, `The record ${name}`).data] };
    const rest = storage.rest === undefined ? undefined : take(storage.rest, `A part of ${name}`).data;
    return { name, sources: sourcesOf(name, storage, rest, tensors) };
  });
  const all = insert(files, [...left.values()]);
  checkNames(all);
  return { folder, records: all, id };
}

/** What the metadata say may come from any file, and the names of records go into a ZIP. */
function checkNames(records: readonly RecordFile[]): void {
  const seen = new Set<string>();
  for (const { name } of records) {
    const flaw = pathFlaw(name);
    if (flaw !== undefined)
      throw misfit(`The record ${JSON.stringify(name)} cannot be in a package: ${flaw}`);
    const folded = name.normalize('NFC').toLowerCase();
    if (seen.has(folded))
      throw misfit(
        `Two records would be ${name} for torch, which does not tell small letters from large ones`,
      );
    seen.add(folded);
  }
}

/** What came to the archive later goes behind the files of the user, before what torch itself has written. */
function insert(files: readonly RecordFile[], added: readonly Resource[]): readonly RecordFile[] {
  if (added.length === 0) return files;
  const tail =
    /^(\.data\/(extern_modules|python_version|version|serialization_id|ts_code\/code\/.*)|byteorder|version)$/;
  let at = files.length;
  while (at > 0 && tail.test(files[at - 1]!.name)) at--;
  const own = added.map(({ path, data }): RecordFile => ({ name: path, sources: [data] }));
  return [...files.slice(0, at), ...own, ...files.slice(at)];
}

type Tensors = ReadonlyMap<ViewFacts, Tensor>;

/** The tensor of each view. Every tensor of the archive must be one of them, or it would be lost. */
function tensorsBy(whole: Archive, views: readonly ViewFacts[]): Tensors {
  const found = new Map<ViewFacts, Tensor>();
  const known = new Map<string, Set<string>>();
  for (const view of views) {
    const model = whole.models.get(view.model);
    const [name] = view.names as readonly [string];
    const tensor = model?.tensors.get(name) ?? model?.tensors.get(model.aliases.get(name) ?? '');
    if (tensor === undefined) throw misfit(`The tensor ${name} of ${view.model} is not there any more`);
    if (tensor.dtype !== view.dtype || tensor.shape.join() !== view.shape.join())
      throw misfit(`The tensor ${name} of ${view.model} has another type or shape than its pickle says`);
    found.set(view, tensor);
    const names = known.get(view.model) ?? new Set();
    for (const each of view.names) names.add(each);
    known.set(view.model, names);
  }
  for (const { name, tensors, aliases } of whole.models.values()) {
    for (const each of [...tensors.keys(), ...aliases.keys()])
      if (known.get(name)?.has(each) !== true) throw misfit(`The tensor ${each} of ${name} is in no pickle`);
  }
  return found;
}

function sourcesOf(
  record: string,
  storage: StorageFacts,
  rest: ByteSource | undefined,
  tensors: Tensors,
): readonly ByteSource[] {
  let used = 0;
  const sources = piecesOf(storage).flatMap((piece): readonly ByteSource[] => {
    if (piece.kind === 'spread') return spread(storage.bytes, piece.view, tensors.get(piece.view)!);
    if (piece.kind === 'tensor') return [part(tensors.get(piece.view)!.data, piece.from, piece.length)];
    if (rest === undefined || used + piece.length > rest.size)
      throw misfit(`Bytes of ${record} that no tensor shows are not there any more`);
    used += piece.length;
    return [part(rest, used - piece.length, piece.length)];
  });
  if (rest !== undefined && used !== rest.size)
    throw misfit(`There are more bytes beside the tensors of ${record} than it has room for`);
  return sources;
}

/** A whole source keeps its check sum. */
function part(source: ByteSource, from: number, length: number): ByteSource {
  return from === 0 && length === source.size ? source : slice(source, from, length);
}

function spread(bytes: number, view: ViewFacts, { dtype, data }: Tensor): readonly ByteSource[] {
  const type = elementType(dtype as DType)!;
  const { size, stride, conj = false, neg = false } = view;
  const storage = {
    key: '',
    record: '',
    className: '',
    type,
    location: 'cpu',
    numel: bytes / type.itemBytes,
  };
  const place = { storage, type, offset: 0, size: size!, stride: stride!, requiresGrad: false };
  return storageBytes(bytes, [{ view: { ...place, conj, neg }, data }]).sources;
}

function misfit(what: string): TorshError {
  return new TorshError('malformed', `${what}.`);
}
