import type { Digraph } from '@torsh/python';
import type { MissingImport } from './module-graph.ts';
import { type ModulesOptions, moduleGraphOf } from './module-graph-of.ts';
import type { ExportNode } from './node.ts';

/** All that some modules need. */
export interface ModulesNeeded {
  /** Their names, those of the start first, in the order in which they are met. */
  readonly modules: readonly string[];
  readonly missing: readonly MissingImport[];
  readonly graph: Digraph<ExportNode>;
}

/**
 * Which modules do these need, and those again? torch's `trace_dependencies` runs a function and watches; here sources are
 * read, so modules count whether or not they are reached when the code runs.
 */
export async function modulesNeeded(
  start: string | readonly string[],
  options: ModulesOptions,
): Promise<ModulesNeeded> {
  const graph = moduleGraphOf(options, { take: () => 'intern', peek: () => 'intern' });
  for (const module of typeof start === 'string' ? [start] : start) await graph.intern(module, true);
  return { modules: [...graph.nodes.nodes.keys()], missing: graph.missing, graph: graph.nodes };
}
