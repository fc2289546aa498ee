import type { PatternOptions } from '@torsh/torch';
import { isScalar } from 'yaml';
import {
  flag,
  list,
  name,
  names,
  needed,
  oneOf,
  type Place,
  parseYaml,
  type Reader,
  record,
  text,
} from './place.ts';
import { type PickledValue, pickled } from './values.ts';

const KINDS = ['intern', 'extern', 'mock', 'deny'] as const;

/** What becomes of modules of some names. */
export interface RecipeAction extends PatternOptions {
  readonly kind: (typeof KINDS)[number];
  readonly include: string | readonly string[];
  readonly place: Place;
}

/** Content that is in a file, or in the recipe itself. */
export type Content = { readonly file: string; readonly place: Place } | { readonly text: string };

const patternsReader = record({
  intern: names,
  extern: names,
  mock: names,
  deny: names,
  exclude: names,
  allow_empty: flag,
});

const actionReader: Reader<RecipeAction> = (place) => {
  const { exclude, allow_empty: allowEmpty, ...given } = patternsReader(place);
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw place.wrong(`must have one of ${KINDS.join(', ')}.`);
  if (kind === 'deny' && allowEmpty !== undefined)
    throw place.wrong('cannot have "allow_empty" with "deny".');
  return { kind, include: given[kind]!, exclude, allowEmpty, place };
};

/** Where in the package something goes. */
interface Target {
  readonly inPackage: string;
  readonly resource: string;
  readonly place: Place;
}

/** A module whose source is given. */
export interface RecipeSource {
  readonly module: string;
  readonly content: Content;
  readonly isPackage: boolean;
  readonly dependencies: boolean;
  readonly place: Place;
}

/** A module that is found. */
export interface RecipeModule {
  readonly module: string;
  readonly dependencies: boolean;
  readonly place: Place;
}

/** Any file. */
export interface RecipeResource extends Target {
  readonly content: Content;
}

/** The tensors of a model file as a pickle. */
export interface RecipeStateDict extends Target {
  readonly file: string;
  readonly model: string | undefined;
  readonly protocol: 3 | 4;
}

/** A pickle of a value that is in the recipe, or of one in another package. */
export interface RecipePickle extends Target {
  readonly value: PickledValue | undefined;
  readonly from: string | undefined;
  readonly pickle: string | undefined;
  readonly protocol: 3 | 4;
}

/** Exactly one of a file and a text. */
function contentOf(given: { file?: string; text?: string; place: Place }): Content {
  const { file, text: inline, place } = given;
  if ((file === undefined) === (inline === undefined))
    throw place.wrong('must have either "file" or "text".');
  return file === undefined ? { text: inline! } : { file, place };
}

const sourceFields = record({ module: name, file: name, text, is_package: flag, dependencies: flag });
const sourceReader: Reader<RecipeSource> = (place) => {
  const given = sourceFields(place);
  const content = contentOf(given);
  if ('file' in content && given.is_package !== undefined)
    throw place.wrong(
      'cannot have "is_package" with "file": a file is a package if it is called __init__.py.',
    );
  const { is_package: isPackage = false, dependencies = true } = given;
  return { module: needed(given.module, place, 'module'), content, isPackage, dependencies, place };
};

const moduleFields = record({ module: name, dependencies: flag });
const moduleReader: Reader<RecipeModule> = (place) => {
  if (isScalar(place.node)) return { module: name(place), dependencies: true, place };
  const { module, dependencies = true } = moduleFields(place);
  return { module: needed(module, place, 'module'), dependencies, place };
};

function targetOf(given: { package?: string; resource?: string; place: Place }): Target {
  const { package: inPackage, resource, place } = given;
  return {
    inPackage: needed(inPackage, place, 'package'),
    resource: needed(resource, place, 'resource'),
    place,
  };
}

const target = { package: name, resource: name };
const protocol = oneOf(3, 4);

const resourceFields = record({ ...target, file: name, text });
const resourceReader: Reader<RecipeResource> = (place) => {
  const given = resourceFields(place);
  const content = contentOf(given);
  // A file keeps its name unless another one is given.
  const resource = given.resource ?? ('file' in content ? content.file.split(/[/\\]/).at(-1) : undefined);
  return { ...targetOf({ ...given, ...(resource === undefined ? {} : { resource }) }), content };
};

const stateDictFields = record({ ...target, file: name, model: name, protocol });
const stateDictReader: Reader<RecipeStateDict> = (place) => {
  const given = stateDictFields(place);
  const { model, protocol: wanted = 3 } = given;
  return { ...targetOf(given), file: needed(given.file, place, 'file'), model, protocol: wanted };
};

const pickleFields = record({ ...target, value: pickled, from: name, pickle: name, protocol });
const pickleReader: Reader<RecipePickle> = (place) => {
  const given = pickleFields(place);
  const { value, from, pickle, protocol: wanted = 3 } = given;
  if ((value === undefined) === (from === undefined))
    throw place.wrong('must have either "value" or "from".');
  if ((from === undefined) !== (pickle === undefined))
    throw place.wrong('must have "from" and "pickle" together: a package, and the path of a pickle in it.');
  return { ...targetOf(given), value, from, pickle, protocol: wanted };
};

const recipeFields = record({
  python_version: name,
  debug: flag,
  roots: list((place) => ({ path: name(place), place })),
  packages: list((place) => ({ path: name(place), place })),
  installed: names,
  actions: list(actionReader),
  sources: list(sourceReader),
  modules: list(moduleReader),
  state_dicts: list(stateDictReader),
  pickles: list(pickleReader),
  resources: list(resourceReader),
});

/** A path in a recipe, as it stands there. */
interface Path {
  readonly path: string;
  readonly place: Place;
}

/** What a package is made of. */
export interface Recipe {
  readonly pythonVersion: string | undefined;
  readonly debug: boolean;
  readonly installed: string | readonly string[];
  readonly roots: readonly Path[];
  readonly packages: readonly Path[];
  readonly actions: readonly RecipeAction[];
  readonly sources: readonly RecipeSource[];
  readonly modules: readonly RecipeModule[];
  readonly pickles: readonly RecipePickle[];
  readonly stateDicts: readonly RecipeStateDict[];
  readonly resources: readonly RecipeResource[];
}

/** Reads a recipe; what is wrong with it is told with its line and its key. */
export function readRecipe(yaml: string, file: string): Recipe {
  const place = parseYaml(yaml, file);
  const given = recipeFields(place);
  const { python_version: pythonVersion, debug = true, installed = [] } = given;
  if (pythonVersion !== undefined && !/^3\.\d{1,3}(\.\d+)?[\w.+-]*$/.test(pythonVersion))
    throw place.wrong(
      `says python_version "${pythonVersion}"; write a version of Python 3 in quotes, such as "3.11.7".`,
    );
  const { roots = [], packages = [], actions = [], sources = [], modules = [] } = given;
  const { state_dicts: stateDicts = [], pickles = [], resources = [] } = given;
  return {
    pythonVersion,
    debug,
    installed,
    roots,
    packages,
    actions,
    sources,
    modules,
    stateDicts,
    pickles,
    resources,
  };
}
