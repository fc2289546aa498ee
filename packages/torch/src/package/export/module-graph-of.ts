import { defaultLimits } from '@torsh/bytes';
import { environmentOf } from './environment/environment.ts';
import { ModuleGraph, type ModuleGraphOptions } from './module-graph.ts';
import type { PackageExporterOptions } from './options.ts';
import { packageFinder } from './package-finder.ts';

/** Where modules come from, and what is taken to be there. */
export type ModulesOptions = Pick<
  PackageExporterOptions,
  'importers' | 'installed' | 'pythonVersion' | 'limits' | 'signal'
>;

/** The Python that a package is for where nobody says. */
export const PYTHON_VERSION = '3.11.0';

/** An empty graph over the modules of some importers; what a package takes from outside counts as installed. */
export function moduleGraphOf(
  options: ModulesOptions,
  patterns: ModuleGraphOptions['patterns'],
): ModuleGraph {
  const { importers = [], installed = [], limits = defaultLimits, signal } = options;
  const externs = importers.flatMap((importer) => ('find' in importer ? [] : importer.externModules));
  return new ModuleGraph({
    finders: importers.map((importer) => ('find' in importer ? importer : packageFinder(importer))),
    environment: environmentOf(options.pythonVersion ?? PYTHON_VERSION, [
      ...(typeof installed === 'string' ? [installed] : installed),
      ...externs.flatMap((name) => [name, `${name}.**`]),
    ]),
    patterns,
    limits,
    signal,
  });
}
