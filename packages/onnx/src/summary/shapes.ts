import type { ByteSource } from '@torsh/bytes';
import { integersOf, rawLength } from '../check/values.ts';
import { EXTERNAL } from '../schema/data-type.ts';
import type { GraphProto, Int64, TensorProto, ValueInfoProto } from '../schema/message.ts';
import { constantOf } from './attributes.ts';
import { elementsOf, type Shape, sensible } from './extent.ts';

/** What a graph says of the shapes of its values. */
export interface Stated {
  /** Shapes of which every size is a number. */
  readonly exact: Map<string, Shape>;
  /** Shapes with names for sizes, each taken as 1. */
  readonly assumed: Map<string, Shape>;
  /** The names that were taken as 1. */
  readonly parameters: Set<string>;
}

/** Constants that say a shape or axes are shorter. */
const SHORT = 64;

const INT64 = 7;

/** The shapes that a graph states: of inputs, outputs, values, weights and constants. */
export function statedShapes(graph: GraphProto): Stated {
  const stated: Stated = { exact: new Map(), assumed: new Map(), parameters: new Set() };
  for (const values of [graph.value_info, graph.output, graph.input])
    for (const value of values) state(value, stated);
  const take = (name: string | undefined, dims: readonly number[] | undefined): void => {
    const shape = sensible(dims);
    if (name && shape !== undefined) stated.exact.set(name, shape);
  };
  for (const { name, dims } of graph.initializer) take(name, dims);
  for (const { values, dims } of graph.sparse_initializer) take(values?.name, dims);
  for (const node of graph.node) take(node.output[0], constantOf(node)?.dims);
  return stated;
}

function state({ name, type }: ValueInfoProto, { exact, assumed, parameters }: Stated): void {
  const dims = (type?.tensor_type ?? type?.sparse_tensor_type)?.shape?.dim;
  if (!name || dims === undefined) return;
  const isKnown = ({ dim_value: size = -1 }: { readonly dim_value: Int64 | undefined }): boolean => size >= 0;
  const shape = sensible(dims.map(({ dim_value: size }) => Number(size ?? 1)));
  if (shape === undefined || !dims.every((dim) => isKnown(dim) || dim.dim_param)) return;
  (dims.every(isKnown) ? exact : assumed).set(name, shape);
  for (const dim of dims) if (!isKnown(dim) && dim.dim_param) parameters.add(dim.dim_param);
}

/** The whole numbers in constants that say shapes or axes, where they are few. */
export async function constantNumbers(
  graph: GraphProto,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly number[]>> {
  // All operators but one take them as their second input.
  const wanted = new Set(
    graph.node.map(({ input, op_type: name }) => input[name === 'ConstantOfShape' ? 0 : 1] ?? ''),
  );
  const found = new Map<string, readonly number[]>();
  const take = async (name: string | undefined, tensor: TensorProto | undefined): Promise<void> => {
    if (!name || tensor === undefined || !wanted.has(name) || !isShort(tensor)) return;
    const field = rawLength(tensor.raw_data) > 0 ? 'raw_data' : 'int64_data';
    const numbers: number[] = [];
    for await (const block of integersOf(field, tensor[field], source, signal)) numbers.push(...block);
    if (numbers.length === elementsOf(tensor.dims)) found.set(name, numbers);
  };
  for (const tensor of graph.initializer) await take(tensor.name, tensor);
  for (const node of graph.node) {
    const [name] = node.output;
    const ints =
      node.op_type === 'Constant'
        ? node.attribute.find((each) => each.name === 'value_ints')?.ints
        : undefined;
    if (ints !== undefined && name) found.set(name, ints.map(Number));
    else await take(name, constantOf(node));
  }
  return found;
}

function isShort(tensor: TensorProto): boolean {
  if (tensor.data_type !== INT64 || tensor.data_location === EXTERNAL) return false;
  const bytes = [...tensor.raw_data, ...tensor.int64_data].reduce((sum, { length }) => sum + length, 0);
  return elementsOf(tensor.dims) <= SHORT && bytes <= SHORT * 12;
}
