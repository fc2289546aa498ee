import { defaultLimits, isTorshError, type Limits } from '@torsh/bytes';
import type { Digraph } from '@torsh/python';
import type { Environment } from '../export/environment/environment.ts';
import { type MissingImport, ModuleGraph } from '../export/module-graph.ts';
import type { ExportNode } from '../export/node.ts';
import { packageFinder } from '../export/package-finder.ts';
import type { PackageImporter } from '../read/importer.ts';
import { mockedModules } from './mocked.ts';
import { packagedPickles } from './pickles.ts';

/** What depends on what in a package. */
export interface PackageDependencies {
  /** Modules by their dotted names, and pickles as `<package.resource>`: the graph that the exporter had. */
  readonly graph: Digraph<ExportNode>;
  /** What modules import and neither the package nor its extern modules have. */
  readonly missing: readonly MissingImport[];
}

/** What bounds the work, and what ends it. */
export interface DependencyOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

/** What the importer takes from outside of any package without being told. */
const ALWAYS_OUTSIDE = ['numpy', 'numpy.core', 'numpy.core._multiarray_umath', 'builtins'];

/**
 * The graph of dependencies of a package, found again: pickles name modules, sources import them, stubs were mocked, and
 * the rest is extern. Nothing is run. Order is that of the file, which is torch's where the pickles were saved first.
 */
export async function packageDependencies(
  importer: PackageImporter,
  { limits = defaultLimits, signal }: DependencyOptions = {},
): Promise<PackageDependencies> {
  const lent = signal === undefined ? {} : { signal };
  const { modules } = importer;
  const mocked = await mockedModules(importer, lent);
  const action = (module: string) => (mocked.has(module) ? 'mock' : 'intern');
  const graph = new ModuleGraph({
    ...lent,
    limits,
    finders: [packageFinder(importer)],
    environment: surroundings(importer),
    patterns: { take: action, peek: action },
  });
  for await (const { inPackage, resource, modules: named, failure } of packagedPickles(
    importer,
    limits,
    lent,
  )) {
    const node = `<${inPackage}.${resource}>`;
    graph.mark(node, { action: 'intern', isPickle: true });
    if (failure !== undefined)
      graph.mark(node, { problem: 'dependency-resolution-failed', context: failure });
    for (const module of new Set(named)) await graph.needForPickle({ node, inPackage, resource }, module, []);
  }
  const byPath = new Map(Array.from(modules.values(), ({ name, path }) => [path, name]));
  for (const path of importer.records) {
    signal?.throwIfAborted();
    const name = byPath.get(path);
    if (name !== undefined && name !== '_mock') await need(graph, name);
  }
  for (const name of importer.externModules) await graph.need(name);
  return { graph: graph.nodes, missing: graph.missing.filter(({ module }) => !modules.has(module)) };
}

/** A module that is no Python is a finding here, where the exporter would refuse it. */
async function need(graph: ModuleGraph, module: string): Promise<void> {
  try {
    await graph.need(module);
  } catch (error) {
    if (!isTorshError(error, 'malformed', 'unsupported')) throw error;
    const { message: context } = error;
    graph.mark(module, { action: 'intern', problem: 'dependency-resolution-failed', context });
  }
}

/** Everything that is not in the package is outside of it; only what it lists is known to be a module. */
function surroundings({ modules, externModules }: PackageImporter): Environment {
  const externs = new Set(externModules);
  const outside = new Set([...externs, ...ALWAYS_OUTSIDE]);
  return {
    isImplicit: (module) => modules.get(module)?.path === undefined,
    has: (module, member) => (member ? externs.has(module) : isCovered(module, outside)),
  };
}

/** Longer names than those in a list are meant by it, too. */
function isCovered(name: string, list: ReadonlySet<string>): boolean {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    if (list.has(name.slice(0, end))) return true;
  }
  return false;
}
