import { type Limits, pathFlaw } from '@torsh/bytes';
import { type Archive, type Model, model, type Resource } from '@torsh/core';
import type { ArrayBytes } from '../../data/array-bytes.ts';
import { TORCH } from '../../object/namespace.ts';
import { EXTRA } from '../../object/register.ts';
import { type Prepared, prepare, prepareModel } from '../../prepare-object.ts';
import { statedModules } from './dependencies.ts';
import { isObject, isPackage } from './parse-facts.ts';

/** An object that becomes a pickle. */
export interface FreshPickle {
  readonly record: string;
  readonly object: Pick<Prepared, 'value' | 'storages'>;
}

/** A package for an archive that was none, before anything of it is read. */
export interface FreshPackage {
  readonly pickles: readonly FreshPickle[];
  /** Where each resource goes. */
  readonly files: readonly { readonly record: string; readonly resource: Resource }[];
  /** Modules that are needed from outside, whether a pickle or a source names them or not. */
  readonly externs: readonly string[];
  readonly arrays: readonly ArrayBytes[];
  readonly copies: number;
  /** Why the object that the archive came from is not given back. */
  readonly reason: string | undefined;
  readonly restored: boolean;
}

/**
 * Plans a package: each model as a pickle in a folder of its own, Python sources as modules, all other files in one folder.
 * `reason` says why the package that the archive came from cannot be given back.
 */
export function freshPackage(
  whole: Archive,
  limits: Limits,
  dropped: ReadonlySet<string>,
  reason?: string,
): FreshPackage {
  const was = isPackage(whole);
  const resources = [...whole.resources.values()].filter(({ path }) => !dropped.has(path));
  const classes = classSources(whole);
  const modules = modulesIn(resources.filter(({ path }) => !classes.has(path)));
  const folders = folderNames(modules);
  const files = filesOf(resources, modules, was, () => folders('resources'));
  const objects = objectsOf(whole, limits);
  const pickles = objects.pickles.map(({ name, file, object }) => ({
    record: `${folders(
      name
        .split('.')
        .filter((part) => part !== '')
        .join('/') || 'model',
    )}/${file}`,
    object,
  }));
  return { ...objects, reason: reason ?? objects.reason, pickles, files, externs: statedModules(whole) };
}

interface Objects extends Omit<FreshPackage, 'pickles' | 'files' | 'externs'> {
  readonly pickles: readonly {
    readonly name: string;
    readonly file: string;
    readonly object: FreshPickle['object'];
  }[];
}

/** The object of a checkpoint where there is one that still fits; a state dict of each model otherwise. */
function objectsOf(whole: Archive, limits: Limits): Objects {
  const none = { arrays: [], copies: 0, reason: undefined, restored: false };
  const dicts = (models: Iterable<Model>) =>
    Array.from(models, (each) => ({ name: each.name, file: STATE_DICT, object: prepareModel(each) }));
  if (isPackage(whole)) return { ...none, pickles: dicts(whole.models.values()) };
  const prepared = prepare(whole, limits);
  if (prepared.form === 'state dict')
    return { ...none, reason: prepared.reason, pickles: dicts(whole.models.values()) };
  const [main = model([])] = [...whole.models.values()].filter(({ name }) => name !== EXTRA);
  const file = whole.incidental.has('torch') ? STATE_DICT : OBJECT;
  const { arrays, copies } = prepared;
  return {
    arrays,
    copies,
    reason: undefined,
    restored: true,
    pickles: [{ name: main.name, file, object: prepared }],
  };
}

/** What a model is called in its folder: tensors under names, or any other object. */
const STATE_DICT = 'state_dict.pkl';
const OBJECT = 'object.pkl';

/** Sources of single classes, which old checkpoints carry: they are called like modules, and hid the real ones if they were any. */
function classSources({ metadata }: Archive): ReadonlySet<string> {
  const facts = metadata[TORCH];
  const code = isObject(facts) && isObject(facts.code) ? Object.values(facts.code) : [];
  return new Set(code.map((each) => (isObject(each) ? String(each.resource) : '')));
}

/** The sources that Python can import: no name in the way has a dot, and none is both a module and a folder. */
function modulesIn(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  const found = resources.filter(({ role, path }) => role === 'code' && isModulePath(path));
  const paths = new Set(found.map(({ path }) => path));
  const isBelow = (path: string) => {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (paths.has(`${path.slice(0, at)}.py`)) return true;
    return false;
  };
  return new Map(found.filter(({ path }) => !isBelow(path)).map((each) => [each.path, each]));
}

function isModulePath(path: string): boolean {
  if (!path.endsWith('.py') || pathFlaw(path) !== undefined) return false;
  return !path.slice(0, -'.py'.length).includes('.');
}

function filesOf(
  resources: readonly Resource[],
  modules: ReadonlyMap<string, Resource>,
  was: boolean,
  folderOf: () => string,
): FreshPackage['files'] {
  const others = resources.filter(({ path }) => !modules.has(path));
  // Files of a package lie where its code looks for them.
  const stays = ({ path }: Resource) => was && path.includes('/') && !path.startsWith('.data/');
  const folder = others.every(stays) ? '' : folderOf();
  return resources.map((resource) => {
    const { path } = resource;
    return { resource, record: modules.has(path) || stays(resource) ? path : `${folder}/${path}` };
  });
}

/** Gives folders names that no module and no other folder has: torch refuses a module with something below it. */
function folderNames(modules: ReadonlyMap<string, Resource>): (wanted: string) => string {
  const taken = new Set<string>();
  for (const path of modules.keys()) taken.add(path.slice(0, -'.py'.length).toLowerCase());
  const isFree = (folder: string): boolean => {
    if (taken.has(`${folder.toLowerCase()}/`)) return false;
    const parts = folder.toLowerCase().split('/');
    return parts.every((_, depth) => !taken.has(parts.slice(0, depth + 1).join('/')));
  };
  return (wanted) => {
    let folder = wanted;
    for (let count = 2; !isFree(folder); count++)
      folder = wanted.replace(/^[^/]+/, (first) => `${first}_${count}`);
    taken.add(`${folder.toLowerCase()}/`);
    return folder;
  };
}
