import { type ByteSource, fromFiles, readAll, TorshError } from '@torsh/bytes';
import { type Context, createContext, type Input, type Options } from '@torsh/core';
import { isKind, type PickleValue } from '@torsh/pickle';
import { decodeSource, decodeText, type GlobPattern, globGroup, type TextErrors } from '@torsh/python';
import { isKnown } from '../../object/known.ts';
import { reporter } from '../../object/report.ts';
import { versionOf } from '../../zip/version.ts';
import { classModule } from './class-module.ts';
import { type Directory, directory } from './directory.ts';
import { readExterns, readPythonVersion } from './facts.ts';
import { type ModuleTree, moduleTree, type PackageModule } from './module-tree.ts';
import { type LoadedPickle, openPackagePickle, readPackagePickle } from './pickle.ts';
import { openRecords, type PackageRecords } from './records.ts';
import { type PackageResources, resourcePath, resourcesOf } from './resources.ts';
import { openScript, type PackagedScript, scriptsIn } from './script.ts';

/** What is lent to `openPackage`; only the platform is needed. */
export interface PackageOptions extends Omit<Options, 'formats'> {
  /** The name in the first line of `fileStructure()`; that of the file otherwise. */
  readonly name?: string | undefined;
  /** Says which extern modules may be needed; a package that needs another is refused. */
  moduleAllowed?(name: string): boolean;
}

/** Which files a tree shows: patterns of torch.package over whole paths. */
export interface FileStructureOptions {
  readonly include?: GlobPattern | undefined;
  readonly exclude?: GlobPattern | undefined;
}

/** A torch.package: what Python's `PackageImporter` gives, short of running code. */
export interface PackageImporter {
  readonly name: string;
  /** The folder in the ZIP that all records lie in. */
  readonly folder: string;
  /** The version of the container, as its record says it. */
  readonly version: string | undefined;
  /** The Python that made the package, where it says so. */
  readonly pythonVersion: string | undefined;
  /** Modules that the package takes from wherever it is loaded. */
  readonly externModules: readonly string[];
  /** The modules and packages in it, by their dotted names. */
  readonly modules: ReadonlyMap<string, PackageModule>;
  /** The ids of its TorchScript modules. */
  readonly scripts: readonly string[];
  /** The names of all records, in the order of the file. */
  readonly records: readonly string[];
  hasRecord(path: string): boolean;
  /** The bytes of a record, which are not read yet; `undefined` where there is none. */
  record(path: string): ByteSource | undefined;
  fileStructure(options?: FileStructureOptions): Directory;
  /** The source of a module as text; `undefined` for a package without an `__init__.py`. */
  loadSource(module: string): Promise<string | undefined>;
  loadBinary(inPackage: string, resource: string): Promise<Uint8Array>;
  loadText(inPackage: string, resource: string, encoding?: string, errors?: TextErrors): Promise<string>;
  loadPickle(inPackage: string, resource: string): Promise<LoadedPickle>;
  /** The TorchScript module that pickles name by this id. */
  loadScript(id: string): Promise<PackagedScript>;
  /** The files of a package, as `importlib.resources` shows them; `undefined` where there is no such package. */
  resources(inPackage: string): PackageResources | undefined;
  /** True for an object whose class is in the package: neither extern nor Python's own. */
  isFromPackage(value: PickleValue): boolean;
}

/** Opens a torch.package: a file, any source of bytes, or the folder that is left of one when it is unzipped. */
export async function openPackage(
  input: Input | ByteSource,
  { name, moduleAllowed, ...lent }: PackageOptions,
): Promise<PackageImporter> {
  const context = createContext({ ...lent, formats: [] });
  const records = await openRecords(asInput(input), context);
  const report = reporter(context);
  const externs = await readExterns(records, context);
  const refused = externs.find((extern) => moduleAllowed?.(extern) === false);
  if (refused !== undefined)
    throw new TorshError(
      'unsupported',
      `The package needs the external module ${refused}, which is not allowed here.`,
    );
  const version = await versionOf(records, report);
  const pythonVersion = await readPythonVersion(records);
  const tree = moduleTree(records.names(), externs, context.limits);
  return importer({ records, externs, version, pythonVersion, tree, context, name: name ?? records.name });
}

interface Opened {
  readonly records: PackageRecords;
  readonly externs: readonly string[];
  readonly version: string | undefined;
  readonly pythonVersion: string | undefined;
  readonly tree: ModuleTree;
  readonly context: Context;
  readonly name: string;
}

function importer(opened: Opened): PackageImporter {
  const { records, externs, version, pythonVersion, tree, context, name } = opened;
  const report = reporter(context);
  const { limits } = context;
  const bytesOf = async (path: string, limit: number): Promise<Uint8Array> => {
    const source = records.record(path);
    if (source === undefined)
      throw new TorshError(
        'not-found',
        `The package has no ${path}; \`fileStructure()\` lists what it has.`,
        { path },
      );
    return readAll(source, limit, context);
  };
  const load = (path: string) => bytesOf(path, limits.inflatedBytes);
  return {
    name,
    folder: records.folder,
    version,
    pythonVersion,
    externModules: externs,
    modules: tree.modules,
    scripts: scriptsIn(records),
    records: [...records.names()],
    hasRecord: (path) => records.has(path),
    record: (path) => records.record(path),
    fileStructure: ({ include = '**', exclude = [] } = {}) => {
      const wanted = globGroup(include, { exclude, separator: '/' });
      const paths = [...records.names()].filter((path) => wanted.matches(path));
      return directory(name, paths, limits);
    },
    async loadSource(module) {
      const found = tree.modules.get(module);
      if (found === undefined)
        throw new TorshError('not-found', `There is no module ${module} in the package.`, { path: module });
      return found.path === undefined
        ? undefined
        : decodeSource(await bytesOf(found.path, limits.headerBytes));
    },
    loadBinary: async (inPackage, resource) => load(resourcePath(inPackage, resource, tree)),
    loadText: async (inPackage, resource, encoding, errors) =>
      decodeText(await load(resourcePath(inPackage, resource, tree)), encoding, errors),
    async loadPickle(inPackage, resource) {
      const read = await readPackagePickle(records, resourcePath(inPackage, resource, tree), context);
      const known = (module: string, member: string) =>
        isKnown(module, member) || tree.placeOf(module) === 'package';
      const { found: _, ...loaded } = openPackagePickle(read, records, context, report, known);
      return loaded;
    },
    async loadScript(id) {
      const { models, facts } = await openScript(records, id, context, report);
      return { id, models, facts };
    },
    resources: (inPackage) => resourcesOf(inPackage, records, tree, load),
    isFromPackage(value) {
      const module = isKind(value, 'object') || isKind(value, 'persistent') ? classModule(value) : undefined;
      return module !== undefined && tree.placeOf(module) === 'package';
    },
  };
}

/** Bytes without a name are called as torch calls them. */
function asInput(input: Input | ByteSource): Input {
  return 'files' in input ? input : { files: fromFiles(new Map([['<binary>', input]])), entry: '<binary>' };
}
