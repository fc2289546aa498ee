import { TorshError } from '@torsh/bytes';
import type { Issue } from '@torsh/core';
import { allPaths } from '@torsh/python';
import { openPackage, type PackageDependencies, packageDependencies } from '@torsh/torch';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { coloursFor } from '../render/colour.ts';
import {
  type DependencyView,
  dependencyView,
  formatTroubles,
  renderDependencies,
} from '../render/dependencies.ts';
import { formatIssues } from '../render/report.ts';
import { printable } from '../render/text.ts';
import { nearest, UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** What can be asked of the dependencies that a package declares. */
const VERBS = ['check', 'export', 'resolve'] as const;
export type DeclaredVerb = (typeof VERBS)[number];

function isVerb(word: string): word is DeclaredVerb {
  return (VERBS as readonly string[]).includes(word);
}

/** `torsh deps`: what a package declares, and what depends on what in a torch.package. */
export async function runDeps(given: Arguments, world: World): Promise<number> {
  const [verb, ...files] = given.words as [string, ...string[]];
  // A package may be called `check`; then it stands alone, and no verb does.
  if (files.length > 0 && isVerb(verb) && given.text('paths') === undefined) {
    return (await import('./deps-declared.ts')).runDeclared(verb, files, given, world);
  }
  for (const option of ['against', 'to'] as const) {
    if (given.flag(option)) throw new UsageError(`--${option} is for what a package declares.`, 'help deps');
  }
  const form = formOf(given);
  const wanted = partOf(given);
  const lent = lend(given, world);
  const place = await locate(given.words[0]!, world.cwd, lent.url);
  try {
    const { limits, platform } = lent.options;
    const { signal } = world;
    const view = await about(place.path, async () => {
      const report = (issue: Issue) => lent.options.report?.(issue);
      const importer = await openPackage(place.input, { limits, signal, platform, report });
      return selectPart(await packageDependencies(importer, { limits, signal }), wanted);
    });
    if (form !== 'json' && !lent.quiet) {
      const colours = coloursFor(world.stderr, world.env);
      if (view.edges.length === 0) world.stderr.write(nothingFound(wanted));
      world.stderr.write(formatIssues(lent.issues, colours) + formatTroubles(view, colours));
    }
    const colours = coloursFor(world.stdout, world.env);
    const text = await about(place.path, () => renderDependencies(view, form, { limits, signal, colours }));
    lent.bar.clear();
    world.stdout.write(text);
    return EXIT.done;
  } finally {
    lent.bar.clear();
    await place.close();
  }
}

/** Which part of the graph is asked for: all, what needs a node, or the ways between two. */
type Part =
  | { readonly kind: 'all' }
  | { readonly kind: 'rdeps'; readonly of: string }
  | { readonly kind: 'paths'; readonly from: string; readonly to: string };

function partOf(given: Arguments): Part {
  const [of, from, to] = [given.text('rdeps'), given.text('paths'), given.words[1]];
  if (of !== undefined && from !== undefined) {
    throw new UsageError('--rdeps and --paths are two questions; ask one.', 'help deps');
  }
  if (from === undefined) {
    if (to !== undefined)
      throw new UsageError(`There is one package at a time; ${to} is too much.`, 'help deps');
    return of === undefined ? { kind: 'all' } : { kind: 'rdeps', of };
  }
  if (to === undefined) throw new UsageError('--paths needs two names: --paths <from> <to>.', 'help deps');
  return { kind: 'paths', from, to };
}

function nothingFound(part: Part): string {
  if (part.kind === 'all') return '';
  return part.kind === 'rdeps'
    ? `Nothing needs ${printable(part.of)}.\n`
    : `No way leads from ${printable(part.from)} to ${printable(part.to)}.\n`;
}

function formOf(given: Arguments): 'text' | 'json' | 'dot' | 'svg' {
  const asked = (['json', 'dot', 'svg'] as const).filter((form) => given.flag(form));
  if (asked.length > 1) {
    throw new UsageError(`--${asked.join(' and --')} are different forms; ask for one.`, 'help deps');
  }
  return asked[0] ?? 'text';
}

function selectPart({ graph, missing }: PackageDependencies, part: Part): DependencyView {
  const all = dependencyView(graph, [...graph.edges()], missing);
  if (part.kind === 'all') return all;
  const known = (name: string) => {
    if (graph.nodes.has(name)) return name;
    const near = nearest(name, graph.nodes.keys());
    const hint =
      near === undefined ? '`torsh deps` without options lists what there is.' : `Did you mean ${near}?`;
    throw new TorshError('not-found', `There is no module or pickle ${name} in the graph. ${hint}`);
  };
  if (part.kind === 'rdeps') {
    const to = known(part.of);
    const edges = graph.predecessors(to).map((from) => [from, to] as const);
    return { ...dependencyView(graph, edges, []), rdeps: to };
  }
  const paths = allPaths(graph, known(part.from), known(part.to));
  return dependencyView(graph, [...paths.edges()], []);
}
