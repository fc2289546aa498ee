import type { GraphProto, NodeProto } from '../schema/message.ts';
import { graphsOf } from './attribute.ts';
import type { Checking } from './checking.ts';
import { checkNode } from './node.ts';
import type { Opsets } from './opsets.ts';
import { inside, type Place, quoted } from './place.ts';
import { knows, type Scope, scope } from './scope.ts';
import { checkSparse } from './sparse.ts';
import { checkTensor } from './tensor.ts';
import { checkValueInfo } from './value-info.ts';

/** Checks a graph and the graphs in its nodes. Only called where `checkNesting` found no fault: this goes as deep. */
export async function checkGraph(
  graph: GraphProto,
  opsets: Opsets,
  around: Scope | undefined,
  place: Place,
  checking: Checking,
): Promise<void> {
  const main = around === undefined;
  const here = scope(around);
  if (!graph.name) checking.found('graph-name', place, 'The graph has no name.');
  for (const [index, value] of graph.input.entries()) {
    const at = inside(place, 'input', index, value.name);
    checkValueInfo(value, main, at, checking);
    const { name = '' } = value;
    if (here.names.has(name)) {
      checking.found('input-unique', at, `There is an input ${quoted(name)} already.`);
    }
    here.names.add(name);
  }
  for (const [index, value] of graph.output.entries()) {
    checkValueInfo(value, main, inside(place, 'output', index, value.name), checking);
  }
  await checkInitializers(graph, here, place, checking);
  await checkNodes(graph.node, opsets, main, here, place, checking);
  for (const [index, { name = '' }] of graph.output.entries()) {
    if (here.names.has(name)) continue;
    const at = inside(place, 'output', index, name);
    checking.found('output-made', at, `Nothing in this graph makes the output ${quoted(name)}.`);
  }
}

/** Checks nodes in their order, each with the names that are known before it. */
export async function checkNodes(
  nodes: readonly NodeProto[],
  opsets: Opsets,
  main: boolean,
  here: Scope,
  place: Place,
  checking: Checking,
): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    checking.signal?.throwIfAborted();
    const at = inside(place, 'node', index, node.name || node.op_type);
    for (const name of new Set(node.input)) {
      if (name === '' || knows(here, name)) continue;
      checking.found('order', at, `Nothing before this node makes its input ${quoted(name)}.`);
    }
    await checkNode(node, opsets, main, at, checking);
    for (const [number, attribute] of node.attribute.entries()) {
      const within = inside(at, 'attribute', number, attribute.name);
      for (const [graph, graphAt] of graphsOf(attribute, within)) {
        await checkGraph(graph, opsets, here, graphAt, checking);
      }
    }
    for (const name of node.output) {
      if (name === '') continue;
      if (knows(here, name)) {
        checking.found('single-assignment', at, `There is a value ${quoted(name)} already.`);
      }
      here.names.add(name);
    }
  }
}

async function checkInitializers(
  graph: GraphProto,
  here: Scope,
  place: Place,
  checking: Checking,
): Promise<void> {
  const names = new Set<string>();
  const isInput = new Set(graph.input.map(({ name = '' }) => name));
  const checkName = (name: string, at: Place): void => {
    if (name === '') checking.found('initializer-name', at, 'The initializer has no name.');
    else if (names.has(name)) {
      checking.found('initializer-unique', at, `There is an initializer ${quoted(name)} already.`);
    }
    names.add(name);
    here.names.add(name);
  };
  for (const [index, tensor] of graph.initializer.entries()) {
    const { name = '' } = tensor;
    const at = inside(place, 'initializer', index, name);
    if (checking.ir <= 3 && !isInput.has(name)) {
      checking.found('initializer-input', at, `Before IR version 4, ${quoted(name)} must be an input, too.`);
    }
    checkName(name, at);
    await checkTensor(tensor, at, checking);
  }
  for (const [index, sparse] of graph.sparse_initializer.entries()) {
    const { name = '' } = sparse.values ?? {};
    const at = inside(place, 'sparse_initializer', index, name);
    checkName(name, at);
    await checkSparse(sparse, at, checking);
  }
}
