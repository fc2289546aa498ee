import type { BrokenModule, PackageChanges, PackageExporter } from '@torsh/torch';
import type { Colours } from './colour.ts';
import { countOf, formatBytes } from './number.ts';
import { printable } from './text.ts';

/** What depends on what, as JSON has it. */
export function graphJson(graph: PackageExporter['dependencyGraph']): object {
  const nodes = Array.from(graph.nodes, ([name, { action, isPickle, problem } = {}]) => ({
    name,
    ...(action === undefined ? {} : { action }),
    ...(isPickle ? { pickle: true } : {}),
    ...(problem === undefined ? {} : { problem }),
  }));
  return { nodes, edges: [...graph.edges()] };
}

/** What became of modules. */
interface Lists {
  readonly interned: readonly string[];
  readonly externed: readonly string[];
  readonly mocked: readonly string[];
  readonly denied: readonly string[];
  readonly missing: readonly object[];
}

/** Every module by what became of it. */
export function listsJson(exporter: PackageExporter): Lists {
  return {
    interned: exporter.internedModules(),
    externed: exporter.externedModules(),
    mocked: exporter.mockedModules(),
    denied: exporter.deniedModules(),
    missing: exporter.missingImports(),
  };
}

/** One line that says what is in the package. */
export function builtText(
  path: string,
  bytes: number,
  exporter: PackageExporter,
  { green, bold }: Colours,
): string {
  const { interned, externed, mocked } = listsJson(exporter);
  const counts = [
    countOf(interned.length, 'module'),
    ...(mocked.length > 0 ? [`${mocked.length} mocked`] : []),
    `${externed.length} external`,
    formatBytes(bytes),
  ];
  return `${green('wrote')} ${bold(printable(path))}: ${counts.join(', ')}\n`;
}

/** Why there is no package, in torch's words. */
export function refusedText(recipe: string, message: string): string {
  const lines = message.trim().split('\n').map(printable);
  return `torsh: ${printable(recipe)}: the package cannot be made.\n       ${lines.join('\n       ')}\n`;
}

/** The modules that stand in the way, as JSON has them. */
export function brokenJson(
  broken: readonly BrokenModule[],
  ways: ReadonlyMap<string, readonly string[]>,
): object[] {
  return broken.map((each) => ({ ...each, path: ways.get(each.module) ?? [] }));
}

/** What was changed, one line each. */
export function editedText(
  path: string,
  { added, replaced, removed, externs }: PackageChanges,
  { green, bold }: Colours,
): string {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['replaced', replaced],
    ['added', added],
    ['removed', removed],
    ['external now', externs],
  ];
  const lines = parts.flatMap(([word, names]) => names.map((name) => `  ${word} ${printable(name)}\n`));
  return `${green('wrote')} ${bold(printable(path))}\n${lines.join('')}`;
}
