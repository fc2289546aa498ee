import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  Placed,
  SparseTensorProto,
  TensorProto,
} from '../schema/message.ts';

/** A message with those around it, from the inside out: the lengths of all of them depend on what is inside. */
export interface Nest {
  readonly message: Placed;
  readonly above: Nest | undefined;
}

/** A tensor of a model and where it is. */
export interface FoundTensor {
  readonly proto: TensorProto;
  readonly nest: Nest;
  /** Its way through the fields of the model: `graph/node[3]/attribute[0]/t`. */
  readonly place: string;
  /** What it would be called, which may be empty or taken. */
  readonly title: string;
  /** True for initializers of the main graph, whose names come before all others. */
  readonly main: boolean;
  /** True for dense initializers of the main graph: no others are found in another file by every runtime. */
  readonly movable: boolean;
}

type Step = FoundTensor | Iterator<Step>;

/** Every tensor of a model: initializers, sparse ones, attributes, subgraphs, functions, training. Each graph in the order of its fields. */
export function* findTensors(model: ModelProto): Generator<FoundTensor> {
  const stack: Iterator<Step>[] = [inModel(model)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { done, value } = top.next();
    if (done === true) stack.pop();
    else if ('proto' in value) yield value;
    else stack.push(value);
  }
}

function* inModel(model: ModelProto): Iterator<Step> {
  const nest: Nest = { message: model, above: undefined };
  if (model.graph !== undefined) yield inGraph(model.graph, 'graph', nest, true);
  for (const [index, training] of model.training_info.entries()) {
    const inside: Nest = { message: training, above: nest };
    const place = `training_info[${index}]`;
    const { initialization, algorithm } = training;
    if (initialization !== undefined) yield inGraph(initialization, `${place}/initialization`, inside, false);
    if (algorithm !== undefined) yield inGraph(algorithm, `${place}/algorithm`, inside, false);
  }
  for (const [index, each] of model.functions.entries()) yield inFunction(each, `functions[${index}]`, nest);
}

function* inFunction(func: FunctionProto, place: string, above: Nest): Iterator<Step> {
  const nest: Nest = { message: func, above };
  yield* inAttributes(func.attribute_proto, `${place}/attribute_proto`, nest, func.name ?? '', undefined);
  yield inNodes(func.node, place, nest);
}

function* inGraph(graph: GraphProto, place: string, above: Nest, main: boolean): Iterator<Step> {
  const nest: Nest = { message: graph, above };
  for (const [index, proto] of graph.initializer.entries()) {
    yield tensor(proto, `${place}/initializer[${index}]`, nest, {
      title: proto.name ?? '',
      main,
      movable: main,
    });
  }
  for (const [index, sparse] of graph.sparse_initializer.entries()) {
    yield* inSparse(sparse, `${place}/sparse_initializer[${index}]`, nest, {
      title: sparse.values?.name ?? '',
      main,
    });
  }
  yield inNodes(graph.node, place, nest);
}

function* inNodes(nodes: readonly NodeProto[], place: string, above: Nest): Iterator<Step> {
  for (const [index, node] of nodes.entries()) {
    if (node.attribute.length === 0) continue;
    const title = node.name || node.op_type || '';
    const constant = node.op_type === 'Constant' ? node.output[0] : undefined;
    const nest: Nest = { message: node, above };
    yield* inAttributes(node.attribute, `${place}/node[${index}]/attribute`, nest, title, constant);
  }
}

function* inAttributes(
  attributes: readonly AttributeProto[],
  place: string,
  above: Nest,
  owner: string,
  constant: string | undefined,
): Generator<Step> {
  for (const [index, attribute] of attributes.entries()) {
    const nest: Nest = { message: attribute, above };
    const at = `${place}[${index}]`;
    const title = constant || (owner === '' ? '' : `${owner}.${attribute.name ?? ''}`);
    const { t, tensors, sparse_tensor, sparse_tensors, g, graphs } = attribute;
    if (t !== undefined) yield tensor(t, `${at}/t`, nest, { title });
    for (const [number, each] of tensors.entries()) {
      const numbered = { title: title && `${title}.${number}` };
      yield tensor(each, `${at}/tensors[${number}]`, nest, numbered);
    }
    if (sparse_tensor !== undefined) {
      yield* inSparse(sparse_tensor, `${at}/sparse_tensor`, nest, { title });
    }
    for (const [number, each] of sparse_tensors.entries()) {
      const numbered = { title: title && `${title}.${number}` };
      yield* inSparse(each, `${at}/sparse_tensors[${number}]`, nest, numbered);
    }
    if (g !== undefined) yield inGraph(g, `${at}/g`, nest, false);
    for (const [number, each] of graphs.entries())
      yield inGraph(each, `${at}/graphs[${number}]`, nest, false);
  }
}

interface Manner {
  readonly title: string;
  readonly main?: boolean;
  readonly movable?: boolean;
}

function* inSparse(sparse: SparseTensorProto, place: string, above: Nest, manner: Manner): Generator<Step> {
  const nest: Nest = { message: sparse, above };
  const { values, indices } = sparse;
  if (values !== undefined) yield tensor(values, `${place}/values`, nest, manner);
  if (indices === undefined) return;
  const title = manner.title && `${manner.title}.indices`;
  yield tensor(indices, `${place}/indices`, nest, { ...manner, title });
}

function tensor(
  proto: TensorProto,
  place: string,
  above: Nest,
  { title, main = false, movable = false }: Manner,
): FoundTensor {
  return { proto, nest: { message: proto, above }, place, title, main, movable };
}
