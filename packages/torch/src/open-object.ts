import { type Limits, locateError } from '@torsh/bytes';
import { DEFAULT_MODEL, type Json, type JsonObject, type Model, model } from '@torsh/core';
import { type InterpretOptions, interpret, type Pickle, type PickleValue } from '@torsh/pickle';
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
export interface ObjectFile {
  readonly pickle: NestingPickle;
  /** Where the pickle lies in the file, for errors and notes: `data.pkl`. */
  readonly path: string;
  readonly storages: Storages;
  /** The place of a storage in the file, by its key, for errors. */
  record(key: string): string;
  /** True where numbers lie with their highest byte first. */
  readonly bigEndian?: BigEndian | undefined;
  /** Whether numpy arrays become tensors; where not, they are values like any other. */
  readonly arrays?: Reading['arrays'];
  /** The size of the whole file: what is made of it must be in proportion. */
  readonly fileBytes: number;
  /** The name of the model, where it is not the usual one. */
  readonly name?: string | undefined;
  /** The part of the object whose tensors are the model, where the format knows it. */
  readonly state?: PickleValue | undefined;
  /** Tensors that the object speaks of by number. */
  readonly table?: readonly PickleValue[] | undefined;
  /** The classes and functions that need no note. */
  readonly known?: Known | undefined;
}

/** All that opening an object needs of a context. */
interface Lent {
  readonly limits: Limits;
}

/** What an object is as part of an archive. */
export interface OpenedObject {
  /** The tensors; behind them the model `extra`, if modules hold tensors that are not in their state dicts. */
  readonly models: readonly Model[];
  /** For the metadata: `structure` and `storages`, which a writer needs to give the object back, and `shape`. */
  readonly structure: JsonObject;
  /** True for tensors under names and nothing else. */
  readonly plain: boolean;
  readonly walked: Walked;
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
export function openObject(file: ObjectFile, context: Lent, report: Report): OpenedObject {
  const { pickle, path, storages, bigEndian = false } = file;
  const { arrays, table } = file;
  const embedded = pickle.nests?.storages;
  const reading = { limits: context.limits, record: file.record, table, arrays, embedded };
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
  const structure = at(path, () => structureOf(pickle.value, walked, reading));
  const shape = shapeOf(pickle.value, walked);
  return {
    models,
    structure: {
      structure: structure.root,
      storages: structure.storages as Json,
      ...(shape === undefined ? {} : { shape: shape as unknown as Json }),
    },
    plain: isPlain(structure.root),
    walked,
  };
}

/** What is wrong with an object is wrong in its pickle, unless a record is to blame; offsets are those of the pickle. */
function at<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw locateError(error, { path });
  }
}
