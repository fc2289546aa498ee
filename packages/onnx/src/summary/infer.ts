import type { ByteSource } from '@torsh/bytes';
import type { GraphProto, NodeProto } from '../schema/message.ts';
import { type Shape, sensible } from './extent.ts';
import { moves } from './moves.ts';
import { type Given, type Operation, operations } from './operations.ts';
import { constantNumbers, statedShapes } from './shapes.ts';

/** A node with what is known of it. */
export interface Step {
  /** Absent for operators that are not known. */
  readonly operation: Operation | undefined;
  readonly given: Given;
  /** The shape of its first output, where it is known. */
  readonly output: Shape | undefined;
}

/** What follows from the shapes that a graph states. */
export interface Inferred {
  readonly steps: readonly Step[];
  /** Values by name. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Names of sizes that were taken as 1. */
  readonly parameters: ReadonlySet<string>;
}

/** Goes over the nodes of a graph once and finds the shapes of what they make. */
export async function inferShapes(
  graph: GraphProto,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<Inferred> {
  const { exact, assumed, parameters } = statedShapes(graph);
  const numbers = await constantNumbers(graph, source, signal);
  const shapes = new Map([...assumed, ...exact]);
  const steps = graph.node.map((node): Step => {
    const operation = operationOf(node);
    const given: Given = {
      node,
      inputs: node.input.map((name) => shapes.get(name)),
      numbers: (index) => numbers.get(node.input[index] ?? ''),
    };
    return { operation, given, output: outputOf(node, operation, given, exact, shapes) };
  });
  return { steps, shapes, parameters };
}

function operationOf({ op_type: name = '', domain = '' }: NodeProto): Operation | undefined {
  return domain === '' || domain === 'ai.onnx' ? (operations.get(name) ?? moves.get(name)) : undefined;
}

/** The shape of the first output: what the graph says in numbers, else what follows from the inputs, else what it says in names. */
function outputOf(
  node: NodeProto,
  operation: Operation | undefined,
  given: Given,
  exact: ReadonlyMap<string, Shape>,
  shapes: Map<string, Shape>,
): Shape | undefined {
  const name = node.output[0] ?? '';
  const shape = exact.get(name) ?? sensible(operation?.shape(given)) ?? shapes.get(name);
  if (name !== '' && shape !== undefined) shapes.set(name, shape);
  return shape;
}
