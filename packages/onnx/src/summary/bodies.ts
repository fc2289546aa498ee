import { graphsOf } from '../check/attribute.ts';
import { inside, type Place } from '../check/place.ts';
import type { GraphProto, ModelProto, NodeProto } from '../schema/message.ts';

/** A list of nodes that run one behind the other: of a graph, or of a function. */
export interface Body {
  readonly kind: 'main' | 'subgraph' | 'function' | 'training';
  readonly place: Place;
  /** Absent for functions, which have no weights. */
  readonly graph: GraphProto | undefined;
  readonly node: readonly NodeProto[];
}

/** Every body of a model, a graph before the graphs in it. Goes as deep as the model does, with a stack of its own. */
export function* bodiesOf(model: ModelProto): Generator<Body> {
  const open = [...topOf(model)].reverse();
  for (let body = open.pop(); body !== undefined; body = open.pop()) {
    yield body;
    for (const inner of subgraphsOf(body).reverse()) open.push(inner);
  }
}

function* topOf(model: ModelProto): Generator<Body> {
  if (model.graph !== undefined) yield bodyOf('main', model.graph, inside(undefined, 'graph'));
  for (const [index, func] of model.functions.entries()) {
    const place = inside(undefined, 'functions', index, func.name);
    yield { kind: 'function', place, graph: undefined, node: func.node };
  }
  for (const [index, training] of model.training_info.entries()) {
    const place = inside(undefined, 'training_info', index);
    for (const field of ['initialization', 'algorithm'] as const) {
      const graph = training[field];
      if (graph !== undefined) yield bodyOf('training', graph, inside(place, field));
    }
  }
}

function subgraphsOf({ kind, node, place }: Body): Body[] {
  const found: Body[] = [];
  for (const [index, each] of node.entries()) {
    if (each.attribute.length === 0) continue;
    const at = inside(place, 'node', index, each.name || each.op_type);
    for (const [number, attribute] of each.attribute.entries()) {
      for (const [graph, graphAt] of graphsOf(attribute, inside(at, 'attribute', number, attribute.name))) {
        found.push(bodyOf(kind === 'training' ? 'training' : 'subgraph', graph, graphAt));
      }
    }
  }
  return found;
}

function bodyOf(kind: Body['kind'], graph: GraphProto, place: Place): Body {
  return { kind, place, graph, node: graph.node };
}
