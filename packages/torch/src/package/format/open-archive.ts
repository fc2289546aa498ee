import { concat, slice } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Context,
  DEFAULT_MODEL,
  type Model,
  type Resource,
  type Shape,
} from '@torsh/core';
import { modelNames } from '../../model-names.ts';
import { growthCheck } from '../../object/growth.ts';
import { TORCH } from '../../object/namespace.ts';
import type { Report } from '../../object/report.ts';
import type { FoundObject } from '../../open-object.ts';
import { readExterns, readPythonVersion } from '../read/facts.ts';
import type { PackageRecords } from '../read/records.ts';
import { openScript, pathInPackage, scriptsIn } from '../read/script.ts';
import { describeExterns } from './dependencies.ts';
import {
  FOLDER,
  KIND,
  type PickleFacts,
  type ScriptFacts,
  type StorageFacts,
  toJson,
  type ViewFacts,
} from './facts.ts';
import { resourcePaths } from './paths.ts';
import { keepsAll, openPickles } from './pickles.ts';
import { piecesOf } from './pieces.ts';
import { resourceOf } from './resources.ts';
import { idFollows, SERIALIZATION_ID, textsOf } from './texts.ts';
import { type Shown, shownBy } from './views.ts';

/** The archive of a package: a model for each pickle with tensors, all records byte for byte, storages in the models. */
export async function openArchive(
  records: PackageRecords,
  context: Context,
  report: Report,
): Promise<Archive> {
  const found = await openModels(records, context, report);
  const order = [...records.names()];
  const paths = resourcePaths(order);
  const { [SERIALIZATION_ID]: id, ...others } = await textsOf(records, context);
  const follows = idFollows(records, order, id);
  const texts = follows || id === undefined ? others : { ...others, [SERIALIZATION_ID]: id };
  const { storages, rests, embedded } = storagesOf(found.shown, records, paths.of);
  const resources = [...rests];
  for (const name of order) {
    if (storages[name] !== undefined || texts[name] !== undefined) continue;
    if (name === SERIALIZATION_ID && follows) continue;
    resources.push(resourceOf(name, paths.of(name), records.record(name)!));
  }
  const pythonVersion = await readPythonVersion(records);
  const version = (texts['.data/version'] ?? texts.version)?.trim();
  const externs = await readExterns(records, context);
  const facts = {
    kind: KIND,
    ...(found.shape === undefined ? {} : { shape: found.shape }),
    folder: records.folder === '' ? FOLDER : records.folder,
    ...(version === undefined ? {} : { version }),
    ...(pythonVersion === undefined ? {} : { python_version: pythonVersion }),
    externs,
    pickles: found.pickles,
    scripts: found.scripts,
    storages,
    embedded,
    records: order,
    texts,
    paths: paths.changed,
  } as const;
  return archive('torch-package', {
    models: found.models,
    resources,
    metadata: { [TORCH]: toJson(facts), ...describeExterns(externs) },
  });
}

/** All objects of a package that have tensors. */
interface Objects {
  readonly models: readonly Model[];
  readonly shown: readonly Shown[];
  readonly pickles: { readonly [record: string]: PickleFacts };
  readonly scripts: { readonly [id: string]: ScriptFacts };
  readonly shape: Shape | undefined;
}

/** A pickle, or a TorchScript module, whose models have no names of their own yet. */
interface PackageObject {
  /** What its models are called where there are others. */
  readonly name: string;
  readonly parts: readonly FoundObject[];
  readonly shape: Shape | undefined;
  /** Where a storage lies in the package. */
  recordOf(record: string): string;
  /** Takes the names down that its models got. */
  named(names: readonly string[]): void;
}

async function openModels(records: PackageRecords, context: Context, report: Report): Promise<Objects> {
  const objects: PackageObject[] = [];
  const pickles: { [record: string]: PickleFacts } = Object.create(null);
  const scripts: { [id: string]: ScriptFacts } = Object.create(null);
  const check = growthCheck(records.bytes, context);
  const take = (object: PackageObject): void => {
    objects.push(object);
    for (const { walked } of object.parts) {
      check(walked.found);
      check(walked.extra.found);
    }
  };
  for await (const { path, protocol, shape, found } of openPickles(records, context, report)) {
    const title = shape === undefined ? {} : { title: shape.title };
    const named = (models: readonly string[]) => {
      pickles[path] = { protocol, ...title, models };
    };
    take({
      name: path.replace(/\.pkl$/i, '').replaceAll('/', '.'),
      parts: [found],
      shape,
      recordOf: same,
      named,
    });
  }
  for (const id of scriptsIn(records)) {
    const { opened = [] } = await openScript(records, id, context, keepsAll(report));
    const recordOf = (record: string) => pathInPackage(record, id);
    const named = (models: readonly string[]) => {
      scripts[id] = { models };
    };
    take({ name: `ts_code.${id}`, parts: opened, shape: SCRIPT, recordOf, named });
  }
  return { ...nameModels(objects), pickles, scripts };
}

const same = (record: string): string => record;

/** Where only one object has tensors, its models are called as those of a checkpoint are; else after their records. */
function nameModels(objects: readonly PackageObject[]): Pick<Objects, 'models' | 'shown' | 'shape'> {
  const models: Model[] = [];
  const shown: Shown[] = [];
  const holding = objects.filter(({ parts }) => parts.some((part) => part.models.some(hasTensors)));
  const nameFor = modelNames();
  for (const { name, parts, recordOf, named } of objects) {
    const names: string[] = [];
    for (const part of parts) {
      const called = part.models.map((each): string => {
        if (!hasTensors(each)) return '';
        const own = each.name === DEFAULT_MODEL ? name : `${name}.${each.name}`;
        const given = holding.length === 1 ? each.name : nameFor(own);
        models.push({ ...each, name: given });
        names.push(given);
        return given;
      });
      for (const each of shownBy(part, (isExtra) => called[isExtra ? 1 : 0]!, recordOf)) shown.push(each);
    }
    named(names);
  }
  return { models, shown, shape: holding.length === 1 ? holding[0]!.shape : undefined };
}

const hasTensors = ({ tensors }: Model): boolean => tensors.size > 0;

const SCRIPT: Shape = { kind: 'torchscript', title: 'TorchScript module', roles: { weights: [''] } };

interface Storages {
  readonly storages: { readonly [record: string]: StorageFacts };
  /** The bytes that no tensor shows. */
  readonly rests: readonly Resource[];
  readonly embedded: readonly ViewFacts[];
}

function storagesOf(
  shown: readonly Shown[],
  records: PackageRecords,
  pathOf: (record: string) => string,
): Storages {
  const byRecord = new Map<string, ViewFacts[]>();
  const embedded: ViewFacts[] = [];
  for (const { record, facts } of shown) {
    const list = record === undefined ? embedded : (byRecord.get(record) ?? []);
    list.push(facts);
    if (record !== undefined) byRecord.set(record, list);
  }
  const storages: { [record: string]: StorageFacts } = Object.create(null);
  const rests: Resource[] = [];
  for (const [record, tensors] of byRecord) {
    const source = records.record(record)!;
    const bytes = source.size;
    const parts = piecesOf({ bytes, tensors }).flatMap((piece) => (piece.kind === 'rest' ? [piece] : []));
    if (parts.length === 0) {
      storages[record] = { bytes, tensors };
      continue;
    }
    // All of it, if need be: then its check sum stays with it.
    const whole = parts[0]!.length === bytes;
    const data = whole ? source : concat(parts.map(({ at, length }) => slice(source, at, length)));
    const rest = pathOf(whole ? record : freeName(`${record}.rest`, records));
    rests.push(resourceOf(record, rest, data));
    storages[record] = { bytes, tensors, rest };
  }
  return { storages, rests, embedded };
}

function freeName(wanted: string, records: PackageRecords): string {
  let name = wanted;
  while (records.has(name)) name += '~';
  return name;
}
