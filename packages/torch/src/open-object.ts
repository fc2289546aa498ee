import { type Limits, locateError } from '@torsh/bytes';
import { DEFAULT_MODEL, type Json, type JsonObject, type Model, model, type Shape } from '@torsh/core';
import { type InterpretOptions, interpret, isKind, type Pickle, type PickleValue } from '@torsh/pickle';
import type { Storages } from './data/storages.ts';
import { type BigEndian, tensorOf } from './data/tensor.ts';
import { checkGrowth } from './object/growth.ts';
import { type Nests, nests } from './object/nests.ts';
import type { Reading } from './object/reading.ts';
import { EXTRA, type Named, type Walked } from './object/register.ts';
import {
  type Known,
  type Report,
  reportGlobals,
  reportModules,
  reportSharing,
  reportSpelling,
} from './object/report.ts';
import { reportNests } from './object/report-nests.ts';
import { isPlain, structureOf } from './object/structure.ts';
import { walk } from './object/walk.ts';
import { shapeOf } from './shape/shape.ts';

/** A pickle with what was found in files that stand within it. */
export interface NestingPickle extends Pickle {
  readonly nests?: Nests;
}

/** A pickled object of a file, and where to find what it speaks of. */
export interface ObjectFile extends Pick<Reading, 'arrays' | 'table' | 'standsFor' | 'retyped'> {
  readonly pickle: NestingPickle;
  /** Where the pickle lies in the file, for errors and notes: `data.pkl`. */
  readonly path: string;
  readonly storages: Storages;
  /** The place of a storage in the file, by its key, for errors. */
  record(key: string): string;
  /** True where numbers lie with their highest byte first. */
  readonly bigEndian?: BigEndian | undefined;
  /** The size of the whole file: what is made of it must be in proportion. */
  readonly fileBytes: number;
  /** The name of the model, where it is not the usual one. */
  readonly name?: string | undefined;
  /** The part of the object whose tensors are the model, where the format knows it. */
  readonly state?: PickleValue | undefined;
  /** The classes and functions that need no note. */
  readonly known?: Known | undefined;
}

/** All that opening an object needs of a context. */
interface Lent {
  readonly limits: Limits;
}

/** The tensors of an object. */
export interface FoundObject {
  /** The tensors; behind them the model `extra`, if modules hold tensors that are not in their state dicts. */
  readonly models: readonly Model[];
  readonly walked: Walked;
  /** What kind of thing the object is, where that can be told. */
  readonly shape: Shape | undefined;
}

/** What an object is as part of an archive. */
export interface OpenedObject extends FoundObject {
  /** For the metadata: `structure` and `storages`, which a writer needs to give the object back, and `shape`. */
  readonly structure: JsonObject;
  /** True for tensors under names and nothing else. */
  readonly plain: boolean;
}

/** Reads a pickle; what is wrong with it is wrong at `path`. */
export function readPickle(
  bytes: Uint8Array,
  path: string,
  context: Lent,
  options?: InterpretOptions,
): NestingPickle {
  const nested = nests(bytes, path, context.limits);
  const { called } = nested;
  return { ...at(path, () => interpret(bytes, context.limits, { called, ...options })), nests: nested };
}

/** Finds the tensors of an object as windows on the file, and says on the way what a person should know of it. */
export function findTensors(file: ObjectFile, context: Lent, report: Report): FoundObject {
  const { pickle, path, storages, bigEndian = false } = file;
  const reading = readingOf(file, context);
  reportGlobals(pickle, path, report, file.known);
  if (pickle.nests !== undefined) reportNests(pickle.nests, context, report, file.known);
  reportSpelling(pickle, path, report);
  const walked = at(path, () => walk(pickle.value, reading, file.state));
  checkGrowth(walked, file.fileBytes, context);
  const modelOf = ({ found, aliases }: Named, name: string): Model =>
    model(
      found.map((each) => tensorOf(each, storages, bigEndian)),
      { name, aliases, metadata: { format: 'pt' } },
    );
  const models = [modelOf(walked, file.name ?? DEFAULT_MODEL)];
  if (walked.extra.found.length > 0) models.push(modelOf(walked.extra, EXTRA));
  reportSharing(walked, report);
  reportModules(walked, report);
  for (const { name, reason } of walked.empty)
    report('no-data', `${name} is not extracted: ${reason}.`, name);
  return { models, walked, shape: shapeOf(topOf(pickle.value, reading), walked) };
}

/** The tensors of an object, and all of its structure, from which a writer can make it again. */
export function openObject(file: ObjectFile, context: Lent, report: Report): OpenedObject {
  const found = findTensors(file, context, report);
  const { walked, shape } = found;
  const structure = at(file.path, () => structureOf(file.pickle.value, walked, readingOf(file, context)));
  return {
    ...found,
    structure: {
      structure: structure.root,
      storages: structure.storages as Json,
      ...(shape === undefined ? {} : { shape: shape as unknown as Json }),
    },
    plain: isPlain(structure.root),
  };
}

function readingOf({ pickle, record, ...rest }: ObjectFile, { limits }: Lent): Reading {
  const { table, arrays, standsFor, retyped } = rest;
  return { limits, record, table, arrays, standsFor, retyped, embedded: pickle.nests?.storages };
}

/** What the whole object is, behind the persistent id that may stand for it. */
function topOf(value: PickleValue, { standsFor }: Reading): PickleValue {
  return (isKind(value, 'persistent') ? standsFor?.(value) : undefined) ?? value;
}

/** What is wrong with an object is wrong in its pickle, unless a record is to blame; offsets are those of the pickle. */
function at<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw locateError(error, { path });
  }
}
