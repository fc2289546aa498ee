import type { Limits } from '@torsh/bytes';
import { type Digraph, digraph, toDot } from '@torsh/python';
import type { PackageDependencies } from '@torsh/torch';
import type { Colours } from './colour.ts';
import { countOf } from './number.ts';
import { renderSvg } from './svg.ts';
import { formatJson, printable } from './text.ts';

type Node = NonNullable<ReturnType<PackageDependencies['graph']['nodes']['get']>>;
type Edge = readonly [from: string, to: string];

/** A graph of dependencies, or a part of one, as it is shown. */
export interface DependencyView {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: readonly Edge[];
  readonly missing: PackageDependencies['missing'];
  /** Set where only what needs this node is asked for. */
  readonly rdeps?: string;
}

/** These edges of a graph with their ends; all nodes if these are all edges. */
export function dependencyView(
  graph: PackageDependencies['graph'],
  edges: readonly Edge[],
  missing: PackageDependencies['missing'],
): DependencyView {
  const shown = new Set(edges.flat());
  const whole = edges.length === [...graph.edges()].length;
  const nodes = Array.from(graph.nodes, ([name, node]) => [name, node ?? {}] as const);
  return { nodes: new Map(nodes.filter(([name]) => whole || shown.has(name))), edges, missing };
}

/** What a picture needs to be lent. */
interface Lent {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly colours: Colours;
}

/** The graph in one of its forms. */
export async function renderDependencies(
  view: DependencyView,
  form: 'text' | 'json' | 'dot' | 'svg',
  { limits, signal, colours }: Lent,
): Promise<string> {
  if (form === 'json') return formatJson(document(view));
  if (form === 'text') return view.rdeps === undefined ? tree(view, colours) : list(view);
  const dot = toDot(graphOf(view));
  if (form === 'dot') return dot;
  return renderSvg({ dot, parts: view.nodes.size + view.edges.length }, limits, signal);
}

function graphOf({ edges }: DependencyView): Digraph {
  const graph = digraph();
  for (const [from, to] of edges) graph.addEdge(from, to);
  return graph;
}

function document({ nodes, edges, missing }: DependencyView) {
  const list = Array.from(nodes, ([name, { isPackage, isPickle, problem, context, ...node }]) => ({
    name,
    action: isPickle === true ? 'pickle' : (node.action ?? null),
    ...(isPackage === undefined ? {} : { package: isPackage }),
    ...(problem === undefined ? {} : { problem: { reason: problem, context } }),
  }));
  return { nodes: list, edges, missing };
}

function list({ edges }: DependencyView): string {
  return edges.map(([from]) => `${printable(from)}\n`).join('');
}

/** Each node with what it needs below it; those that need nothing and are needed are only in the lists of others. */
function tree({ nodes, edges }: DependencyView, colours: Colours): string {
  const needs = new Map<string, string[]>();
  for (const [from, to] of edges) {
    const inner = needs.get(from);
    if (inner === undefined) needs.set(from, [to]);
    else inner.push(to);
  }
  const needed = new Set(edges.map(([, to]) => to));
  const label = (name: string) => `${printable(name)}  ${colours.dim(kindOf(nodes.get(name)))}`;
  const blocks = [...nodes.keys()]
    .filter((name) => needs.has(name) || !needed.has(name))
    .map((name) => {
      const inner = needs.get(name) ?? [];
      const lines = inner.map((to, at) => `${at === inner.length - 1 ? '└──' : '├──'} ${label(to)}\n`);
      return `${label(name)}\n${lines.join('')}`;
    });
  return nodes.size === 0 ? '' : [...blocks, summary(nodes, colours)].join('\n');
}

function kindOf(node: Node | undefined): string {
  const kind = node?.isPickle === true ? 'pickle' : (node?.action ?? 'unknown');
  return node?.problem === undefined ? kind : `${kind}, broken`;
}

function summary(nodes: ReadonlyMap<string, Node>, { dim }: Colours): string {
  const counts = new Map<string, number>();
  for (const node of nodes.values()) {
    const kind = node.isPickle === true ? 'pickle' : (node.action ?? 'unknown');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = Array.from(counts, ([kind, count]) =>
    kind === 'pickle' ? countOf(count, kind) : `${count} ${kind}`,
  );
  return `${dim(parts.join(', '))}\n`;
}

/** What could not be read, and imports that lead nowhere, one line each. */
export function formatTroubles({ nodes, missing }: DependencyView, { yellow, dim }: Colours): string {
  const broken = Array.from(nodes).flatMap(([name, { context }]) =>
    context === undefined ? [] : [`${yellow('broken:')} ${printable(`${name}: ${context}`)}\n`],
  );
  const absent = missing.map(
    ({ module, from }) => `${dim('missing:')} ${printable(`${module}, which ${from} imports`)}\n`,
  );
  return [...broken, ...absent].join('');
}
