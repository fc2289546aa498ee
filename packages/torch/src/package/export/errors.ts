import { RequestError } from '@torsh/core';
import { type Digraph, firstPath } from '@torsh/python';
import { DISALLOWED } from './environment/environment.ts';
import type { ExportNode, Problem } from './node.ts';

/** What torch says of each problem. */
const sentences: Readonly<Record<Problem, string>> = {
  'is-extension-module': 'Module is a C extension module. torch.package supports Python modules only.',
  'no-dunder-file': 'Module had no __file__ defined.',
  'source-file-not-found': 'Module had a __file__, but we could not find it in your filesystem.',
  'dependency-resolution-failed': 'Dependency resolution failed.',
  'no-action': 'Module did not match against any action pattern. Extern, mock, or intern it.',
  denied: 'Module was denied by a pattern.',
  'mocked-but-still-used':
    'Module was mocked out, but is still being used in the package. Please intern or extern the mocked modules if objects are supposed to be in the package.',
};

/** A module that cannot be packaged, and why. */
export interface BrokenModule {
  readonly module: string;
  readonly problem: Problem;
  readonly context?: string;
}

/** Some modules cannot be packaged: all of them, with the words that torch has for each, and the graph that led to them. */
export class PackagingError extends RequestError {
  override readonly name: string = 'PackagingError';
  readonly graph: Digraph<ExportNode>;
  readonly broken: readonly BrokenModule[];

  constructor(graph: Digraph<ExportNode>, { debug = false }: { readonly debug?: boolean } = {}) {
    const broken = brokenModules(graph);
    super(messageOf(broken, graph, debug));
    this.graph = graph;
    this.broken = broken;
  }
}

/** A pattern that had to match something did not. */
export class EmptyMatchError extends RequestError {
  override readonly name: string = 'EmptyMatchError';
}

/** For each module that cannot be packaged, the way by which it was met first. */
export function findFirstUseOfBrokenModules({ broken, graph }: PackagingError): Map<string, string[]> {
  return new Map(broken.map(({ module }) => [module, firstPath(graph, module)]));
}

function brokenModules(graph: Digraph<ExportNode>): BrokenModule[] {
  return [...graph.nodes].flatMap(([module, node]) => {
    if (node?.problem === undefined) return [];
    const { problem, context } = node;
    return [{ module, problem, ...(context === undefined ? {} : { context }) }];
  });
}

function messageOf(broken: readonly BrokenModule[], graph: Digraph<ExportNode>, debug: boolean): string {
  const lines = [''];
  for (const problem of new Set(broken.map((each) => each.problem))) {
    lines.push(`* ${sentences[problem]}`);
    for (const each of broken) if (each.problem === problem) lines.push(...linesOf(each, graph, debug));
  }
  if (!debug) {
    lines.push(
      '',
      'Set debug=True when invoking PackageExporter for a visualization of where broken modules are coming from!',
    );
  }
  return `${lines.join('\n')}\n`;
}

function linesOf({ module, context }: BrokenModule, graph: Digraph<ExportNode>, debug: boolean): string[] {
  const lines = [`    ${module}`];
  if (context !== undefined) lines.push(`      Context: ${context}`);
  if (DISALLOWED.includes(module)) lines.push(`      Note: ${warningOf(module)}`);
  if (debug) lines.push(`      A path to ${module}: ${firstPath(graph, module).join(' -> ')}`);
  return lines;
}

function warningOf(module: string): string {
  return [
    'While we usually use modules in the python standard library from the local environment,',
    `\`${module}\` has a lot of system level access and therefore can pose a security risk.`,
    `We heavily recommend removing \`${module}\` from your packaged code.`,
    'However, if that is not possible, add it to the extern list by calling',
    `PackageExporter.extern("\`${module}\`")`,
  ].join(' ');
}
