import { readAll, TorshError } from '@torsh/bytes';
import type { Context, Model, Shape, Tensor } from '@torsh/core';
import { type GlobalUse, isKind, type PickleValue, type PyObject, type PyPersistent } from '@torsh/pickle';
import { embeddedIn } from '../../data/embedded.ts';
import { storages } from '../../data/storages.ts';
import { type Known, type Report, reportBehind } from '../../object/report.ts';
import { type FoundObject, findTensors, type NestingPickle, readPickle } from '../../open-object.ts';
import { type PersistentIds, persistentIds, type ReducedObject } from './persistent.ts';
import type { PackageRecords } from './records.ts';

/** A pickle of a package as inert values: nothing in it was imported or called. */
export interface LoadedPickle {
  /** The record that it was read from. */
  readonly path: string;
  readonly value: PickleValue;
  readonly protocol: number;
  /** Every class and function that it names, in its order. */
  readonly globals: readonly GlobalUse[];
  /** Its tensors as windows on the storages of the package; a module has those of its `state_dict()` under these names. */
  readonly model: Model;
  /** Tensors that modules hold besides: buffers that are not saved, plain attributes. Empty for most. */
  readonly extra: Model;
  /** What kind of thing it is, where that can be told. */
  readonly shape: Shape | undefined;
  /** Objects that torch would make by calling a function with the importer. */
  readonly reduced: readonly ReducedObject[];
  /** The tensor that a value within `value` is: a call that rebuilds one, or a bare storage. */
  tensorOf(value: PickleValue): Tensor | undefined;
}

/** A pickle, before its tensors are looked for. */
export interface ReadPickle {
  readonly path: string;
  readonly pickle: NestingPickle;
  readonly ids: PersistentIds;
  readonly bytes: Uint8Array;
}

/** The tensors of a pickle, and the walk that found them. */
export interface OpenedPickle extends LoadedPickle {
  readonly found: FoundObject;
}

/** Reads the pickle in a record. */
export async function readPackagePickle(
  records: PackageRecords,
  path: string,
  context: Context,
): Promise<ReadPickle> {
  const source = records.record(path);
  if (source === undefined) throw missing(path);
  const bytes = await readAll(source, context.limits.pickleBytes, context);
  const ids = persistentIds();
  return { path, ids, bytes, pickle: readPickle(bytes, path, context, { resolve: ids.resolve }) };
}

/** Finds the tensors of a pickle. */
export function openPackagePickle(
  { path, pickle, ids, bytes }: ReadPickle,
  records: PackageRecords,
  context: Context,
  report: Report,
  known?: Known,
): OpenedPickle {
  reportBehind(pickle, bytes.length, path, report);
  const found = findTensors(
    {
      pickle,
      path,
      storages: storages(({ record }) => records.record(record), embeddedIn(records.record(path)!, bytes)),
      record: storagePath,
      fileBytes: records.bytes,
      retyped: true,
      standsFor: ids.standsFor,
      known,
    },
    context,
    report,
  );
  const { models, walked, shape } = found;
  const [model, extra = EMPTY] = models as [Model, Model?];
  return {
    path,
    value: pickle.value,
    protocol: pickle.protocol,
    globals: pickle.globals,
    model,
    extra,
    shape,
    found,
    reduced: ids.reduced,
    tensorOf(value) {
      if (!isKind(value, 'object') && !isKind(value, 'persistent')) return undefined;
      const shown = walked.nodes.get(value as PyObject | PyPersistent);
      if (shown === undefined) return undefined;
      return (shown.model === extra.name ? extra : model).tensors.get(shown.name);
    },
  };
}

const EMPTY: Model = { name: 'extra', tensors: new Map(), aliases: new Map(), metadata: {} };

/** Where a package keeps the storage of a key: a number, or since torch 1.9 never anything else. */
const storagePath = (key: string): string => `.data/${key}.storage`;

function missing(path: string): TorshError {
  return new TorshError(
    'not-found',
    `The package has no record ${path}; \`fileStructure()\` lists what it has.`,
    {
      path,
    },
  );
}
