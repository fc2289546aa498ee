import type { Limits } from '@torsh/bytes';
import { PackagingError } from './errors.ts';
import { MOCK_STUB, MOCK_SUPPORT } from './mock.ts';
import type { ModuleGraph } from './module-graph.ts';
import { treeOf } from './module-tree.ts';
import type { Patterns } from './patterns.ts';
import { modulePath, type Records } from './records.ts';

/** What is needed to lay out the modules of a package. */
export interface LayoutOptions {
  readonly modules: ModuleGraph;
  readonly patterns: Patterns;
  readonly records: Records;
  readonly pythonVersion: string;
  readonly debug: boolean;
  readonly limits: Limits;
  /** Called for each module and pickle, before there is a record of it. */
  decided(action: 'intern' | 'extern' | 'mock', name: string): Promise<void>;
}

/**
 * Puts the modules behind what was saved already, in the order in which they were met, and behind them what torch writes of
 * the package itself. Throws if one of the modules cannot be packaged, if a
 * pattern had to match and did not, or if no importer would take the package.
 */
export async function layOut(options: LayoutOptions): Promise<void> {
  const { modules, patterns, records, pythonVersion, debug, limits, decided } = options;
  const { nodes } = modules.nodes;
  for (const node of nodes.values())
    if (node?.problem !== undefined) throw new PackagingError(modules.nodes, { debug });
  patterns.checkMatched();
  const externs: string[] = [];
  const addMockSupport = (): void => {
    if (!records.has('_mock.py')) records.add('_mock.py', MOCK_SUPPORT);
  };
  for (const [name, { action, source, isPackage = false } = {}] of nodes) {
    if (action === 'intern' || action === 'extern' || action === 'mock') await decided(action, name);
    if (action === 'extern') externs.push(name);
    if (action === 'mock' || action === 'mock-support') addMockSupport();
    if (action === 'mock') records.add(modulePath(name, await hasModules(name, modules)), MOCK_STUB);
    if (action === 'intern' && source !== undefined) records.add(modulePath(name, isPackage), source);
  }
  const paths = records.all.map(({ name }) => name);
  treeOf(paths, externs, limits);
  records.add('.data/extern_modules', `${externs.join('\n')}\n`);
  records.add('.data/python_version', pythonVersion);
  records.add('.data/version', '6\n');
  records.add('byteorder', 'little');
}

/** Whether a mocked module is a package: as it was found, or else because something in it is needed, too. */
async function hasModules(module: string, modules: ModuleGraph): Promise<boolean> {
  const found = await modules.find(module);
  if (found !== undefined && found.assumed === undefined) return found.isPackage;
  return [...modules.nodes.nodes.keys()].some((name) => name.startsWith(`${module}.`));
}
