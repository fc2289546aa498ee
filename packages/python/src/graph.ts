/**
 * A directed graph of names that remembers the order in which nodes and edges came. Edge (a, b): a needs b.
 * A node may carry what its owner knows of it.
 */
export interface Digraph<Attributes = undefined> {
  /** All nodes, in the order in which they came. */
  readonly nodes: ReadonlyMap<string, Attributes | undefined>;
  /** Adds a node, or replaces what is known of it; its place stays. */
  addNode(name: string, attributes?: Attributes): void;
  /** Adds an edge, and its ends if they are new. */
  addEdge(from: string, to: string): void;
  /** What a node needs, in order; nothing for a name that is no node. */
  successors(name: string): readonly string[];
  /** What needs a node, in order; nothing for a name that is no node. */
  predecessors(name: string): readonly string[];
  /** All edges, grouped by where they start, in the order of nodes. */
  edges(): Iterable<readonly [from: string, to: string]>;
}

/** An empty graph. */
export function digraph<Attributes = undefined>(): Digraph<Attributes> {
  const nodes = new Map<string, Attributes | undefined>();
  const next = new Map<string, Set<string>>();
  const previous = new Map<string, Set<string>>();
  const add = (name: string) => {
    if (nodes.has(name)) return;
    nodes.set(name, undefined);
    next.set(name, new Set());
    previous.set(name, new Set());
  };
  return {
    nodes,
    addNode(name, attributes) {
      add(name);
      if (attributes !== undefined) nodes.set(name, attributes);
    },
    addEdge(from, to) {
      add(from);
      add(to);
      next.get(from)?.add(to);
      previous.get(to)?.add(from);
    },
    successors: (name) => [...(next.get(name) ?? [])],
    predecessors: (name) => [...(previous.get(name) ?? [])],
    *edges() {
      for (const [from, targets] of next) for (const to of targets) yield [from, to];
    },
  };
}

/** All nodes that a node reaches, itself included. */
function reachable<A>(graph: Digraph<A>, start: string): Set<string> {
  const seen = new Set([start]);
  for (const name of seen) for (const needed of graph.successors(name)) seen.add(needed);
  return seen;
}

/**
 * The part of a graph that lies on ways from one node to another, found by walking back from the end. Empty if there
 * is no way. Cycles are part of it and do no harm.
 */
export function allPaths<A>(graph: Digraph<A>, from: string, to: string): Digraph {
  const result = digraph();
  const forward = graph.nodes.has(from) ? reachable(graph, from) : new Set<string>();
  if (!forward.has(to)) return result;
  const queue = new Set([to]);
  for (const name of queue) {
    for (const needing of graph.predecessors(name)) {
      if (!forward.has(needing)) continue;
      result.addEdge(needing, name);
      queue.add(needing);
    }
  }
  return result;
}

/**
 * A way to a node from something that nothing needs: at each step back, the predecessor that came first. Where those
 * form a cycle the way starts at the last node that is not on it yet.
 */
export function firstPath<A>(graph: Digraph<A>, to: string): string[] {
  const order = new Map([...graph.nodes.keys()].map((name, at) => [name, at]));
  const path = new Set<string>();
  for (let at: string | undefined = to; at !== undefined && !path.has(at); at = earliest(graph, at, order)) {
    path.add(at);
  }
  return [...path].reverse();
}

function earliest<A>(
  graph: Digraph<A>,
  name: string,
  order: ReadonlyMap<string, number>,
): string | undefined {
  let first: string | undefined;
  let rank = Number.POSITIVE_INFINITY;
  for (const candidate of graph.predecessors(name)) {
    const at = order.get(candidate) ?? rank;
    if (at < rank) [first, rank] = [candidate, at];
  }
  return first;
}

/** A graph in the DOT language of Graphviz, letter for letter as torch.package writes it. */
export function toDot<A>(graph: Digraph<A>): string {
  const lines = Array.from(graph.edges(), ([from, to]) => `${quote(from)} -> ${quote(to)};`);
  return `digraph G {\nrankdir = LR;\nnode [shape=box];\n${lines.join('\n')}\n}\n`;
}

/** Names of modules have neither quotes nor backslashes; a hostile file may have names that do. */
function quote(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
