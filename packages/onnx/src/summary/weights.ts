import { rawBytes, storageOf, typeOf } from '../check/storage.ts';
import { EXTERNAL } from '../schema/data-type.ts';
import type { TensorProto } from '../schema/message.ts';
import type { Body } from './bodies.ts';
import { elementsOf } from './extent.ts';

/** Weights of one element type. */
export interface Weights {
  readonly tensors: number;
  readonly elements: number;
  /** Of the elements alone, without names and wrapping; of texts it is not known. */
  readonly bytes: number;
}

/** What a model has of weights. */
export interface WeightCount {
  /** Elements of all initializers. */
  readonly parameters: number;
  readonly bytes: number;
  readonly types: Readonly<Record<string, Weights>>;
  /** Other files in which weights lie, with the number of tensors in each. */
  readonly external: Readonly<Record<string, number>>;
}

/** Counts the initializers of all graphs; a constant within a node is no parameter. */
export function countWeights(bodies: Iterable<Body>): WeightCount {
  const types: Record<string, Weights> = Object.create(null);
  const external: Record<string, number> = Object.create(null);
  let [parameters, bytes] = [0, 0];
  for (const tensor of initializersOf(bodies)) {
    const type = typeOf(tensor);
    const elements = elementsOf(tensor.dims);
    // A shape that makes no sense is for `torsh check`.
    if (!Number.isSafeInteger(elements) || elements < 0) continue;
    const bits = type === undefined ? undefined : storageOf(type).bits;
    const size = bits === undefined ? 0 : rawBytes(elements, bits);
    const name = type ?? 'UNDEFINED';
    const before = types[name] ?? { tensors: 0, elements: 0, bytes: 0 };
    types[name] = {
      tensors: before.tensors + 1,
      elements: before.elements + elements,
      bytes: before.bytes + size,
    };
    parameters += elements;
    bytes += size;
    const file = tensor.data_location === EXTERNAL ? locationOf(tensor) : undefined;
    if (file !== undefined) external[file] = (external[file] ?? 0) + 1;
  }
  return { parameters, bytes, types, external };
}

function* initializersOf(bodies: Iterable<Body>): Generator<TensorProto> {
  for (const { graph } of bodies) {
    if (graph === undefined) continue;
    yield* graph.initializer;
    for (const { values } of graph.sparse_initializer) if (values !== undefined) yield values;
  }
}

function locationOf({ external_data: entries }: TensorProto): string | undefined {
  return entries.find(({ key }) => key === 'location')?.value;
}
