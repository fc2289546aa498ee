import { expect, it } from 'vitest';
import { allPaths, digraph, firstPath, toDot } from '../src/index.ts';

const graph = (...edges: readonly string[]) => {
  const made = digraph();
  for (const edge of edges) {
    const [from = '', to = ''] = edge.split('>');
    made.addEdge(from, to);
  }
  return made;
};
const edges = (of: ReturnType<typeof digraph>) => Array.from(of.edges(), (edge) => edge.join('>'));

it('keeps nodes, edges and neighbours in the order in which they came', () => {
  const made = graph('b>c', 'a>b', 'b>a', 'b>c');
  made.addNode('d');
  expect([...made.nodes.keys()]).toEqual(['b', 'c', 'a', 'd']);
  expect(edges(made)).toEqual(['b>c', 'b>a', 'a>b']);
  expect(made.successors('b')).toEqual(['c', 'a']);
  expect(made.predecessors('b')).toEqual(['a']);
  expect(made.predecessors('nobody')).toEqual([]);
  expect(made.successors('d')).toEqual([]);
});

it('replaces what is known of a node and keeps its place', () => {
  const made = digraph<{ readonly action: string }>();
  made.addEdge('a', 'b');
  made.addNode('b', { action: 'mock' });
  made.addNode('a', { action: 'intern' });
  made.addNode('a', { action: 'extern' });
  made.addNode('a');
  expect([...made.nodes]).toEqual([
    ['a', { action: 'extern' }],
    ['b', { action: 'mock' }],
  ]);
});

it('gives all paths in the order of the walk back', () => {
  const made = graph('1>2', '1>7', '7>8', '8>3', '2>3', '5>4', '4>3');
  expect(edges(allPaths(made, '1', '3'))).toEqual(['8>3', '2>3', '7>8', '1>2', '1>7']);
});

it('gives paths between long names, through cycles, and none where there is none', () => {
  const made = graph('pkg.a>pkg.b', 'pkg.b>pkg.a', 'pkg.b>pkg.c', 'pkg.c>pkg.c', 'other>pkg.c');
  expect(edges(allPaths(made, 'pkg.a', 'pkg.c')).sort()).toEqual([
    'pkg.a>pkg.b',
    'pkg.b>pkg.a',
    'pkg.b>pkg.c',
    'pkg.c>pkg.c',
  ]);
  for (const [from, to] of [
    ['pkg.c', 'pkg.a'],
    ['nobody', 'pkg.a'],
    ['pkg.a', 'nobody'],
  ] as const) {
    expect(edges(allPaths(made, from, to))).toEqual([]);
  }
});

it('finds the first path by the earliest predecessors, and ends on cycles', () => {
  const made = digraph();
  made.addEdge('<obj.obj.pkl>', 'a');
  for (const [from, to] of [
    ['a', 'b'],
    ['c', 'b'],
    ['b', 'd'],
    ['d', 'b'],
  ] as const) {
    made.addEdge(from, to);
  }
  expect(firstPath(made, 'd')).toEqual(['<obj.obj.pkl>', 'a', 'b', 'd']);
  expect(firstPath(graph('a>b', 'b>a'), 'b')).toEqual(['a', 'b']);
  expect(firstPath(graph('a>b', 'b>a'), 'a')).toEqual(['b', 'a']);
  expect(firstPath(made, 'nobody')).toEqual(['nobody']);
});

it('writes DOT as torch does', () => {
  const made = digraph();
  made.addNode('alone');
  expect(toDot(made)).toBe('digraph G {\nrankdir = LR;\nnode [shape=box];\n\n}\n');
  made.addEdge('<obj.obj.pkl>', 'package_b');
  made.addEdge('package_b', 'package_b.subpackage_1');
  expect(toDot(made)).toBe(
    'digraph G {\nrankdir = LR;\nnode [shape=box];\n"<obj.obj.pkl>" -> "package_b";\n"package_b" -> "package_b.subpackage_1";\n}\n',
  );
});

it('keeps hostile names inside of their quotes', () => {
  const made = digraph();
  made.addEdge('a" -> "b', 'c\\');
  expect(toDot(made)).toContain('"a\\" -> \\"b" -> "c\\\\";');
});

it('walks large graphs in linear time', () => {
  const made = digraph();
  for (let at = 0; at < 50_000; at++) made.addEdge(`m${at}`, `m${at + 1}`);
  expect(Array.from(allPaths(made, 'm0', 'm50000').edges())).toHaveLength(50_000);
  expect(firstPath(made, 'm50000')).toHaveLength(50_001);
});
