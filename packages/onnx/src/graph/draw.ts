import type { ByteSource } from '@torsh/bytes';
import type { Drawing } from '@torsh/core';
import { sizeOf, typeText } from '../archive/signature.ts';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from '../schema/message.ts';
import { constantOf, numberOf, numbersOf } from '../summary/attributes.ts';
import { inferShapes } from '../summary/infer.ts';
import { nameOf } from '../summary/work.ts';
import { arrow, box, digraph, pill } from './dot.ts';
import { colours, kindOf } from './kinds.ts';
import { partOf } from './part.ts';

/** Weights of a node that are listed in it. */
const LISTED = 6;

/** What a picture is drawn from. */
export interface DrawOptions {
  readonly source: ByteSource;
  readonly signal?: AbortSignal | undefined;
  /** The path of a graph, or the beginning of the names of nodes; without it, the main graph. */
  readonly part?: string | undefined;
}

/** Draws a graph of a model, or some nodes of it. Weights and constants are lines in the nodes that take them. */
export async function drawModel(model: ModelProto, options: DrawOptions): Promise<Drawing> {
  const { body, nodes, title } = partOf(model, options.part);
  const { graph } = body;
  const shapes = await shapeTexts(graph, options);
  const folded = foldedOf(graph, nodes, shapes);
  const drawn = nodes.filter((node) => !isFolded(node, folded));
  const makers = new Map<string, string>();
  for (const [index, node] of drawn.entries())
    for (const name of node.output) if (name) makers.set(name, `n${index}`);
  const lines: string[] = [];
  const edges = new Set<string>();
  const types = new Map(
    [...(graph?.input ?? []), ...(graph?.output ?? [])].map(({ name = '', type }) => [name, typeText(type)]),
  );
  const outer = new Map<string, string>();
  const inputs = new Set(graph?.input.map(({ name }) => name));
  const makerOf = (name: string): string => {
    const made = makers.get(name) ?? outer.get(name);
    if (made !== undefined) return made;
    const id = `v${outer.size}`;
    outer.set(name, id);
    // What comes from around a part is dashed; what the graph itself takes is not.
    const style = inputs.has(name) || graph === undefined ? 'solid' : 'dashed';
    lines.push(pill(id, name, describe(types.get(name), shapes.get(name)), style));
    return id;
  };
  for (const [index, node] of drawn.entries()) {
    lines.push(box(`n${index}`, colours[kindOf(node)], nameOf(node) || '?', detailsOf(node, folded)));
    for (const name of node.input) {
      if (name !== '' && !folded.has(name))
        edges.add(arrow(makerOf(name), `n${index}`, name, shapes.get(name) ?? ''));
    }
  }
  for (const [index, { name = '', type }] of endsOf(graph, drawn, makers).entries()) {
    lines.push(pill(`o${index}`, name, describe(type && typeText(type), shapes.get(name)), 'solid'));
    edges.add(arrow(makerOf(name), `o${index}`, name, shapes.get(name) ?? ''));
  }
  return { dot: digraph(title, [...lines, ...edges]), parts: lines.length + edges.size };
}

/** The outputs of a graph that something drawn makes. */
function endsOf(
  graph: GraphProto | undefined,
  drawn: readonly NodeProto[],
  makers: ReadonlyMap<string, string>,
): readonly Pick<ValueInfoProto, 'name' | 'type'>[] {
  if (graph !== undefined) return graph.output.filter(({ name = '' }) => makers.has(name));
  const taken = new Set(drawn.flatMap(({ input }) => input));
  const ends = new Set(
    drawn.flatMap(({ output }) => output).filter((name) => name !== '' && !taken.has(name)),
  );
  return Array.from(ends, (name) => ({ name, type: undefined }));
}

/** Weights and constants by name, as a line in the node that takes them. */
function foldedOf(
  graph: GraphProto | undefined,
  nodes: readonly NodeProto[],
  shapes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const folded = new Map<string, string>();
  for (const { name = '', dims } of graph?.initializer ?? []) folded.set(name, sizes(dims));
  for (const { values, dims } of graph?.sparse_initializer ?? []) folded.set(values?.name ?? '', sizes(dims));
  const results = new Set(graph?.output.map(({ name }) => name));
  for (const node of graph?.node ?? nodes) {
    const [name = ''] = node.output;
    if (kindOf(node) === 'own' || results.has(name)) continue;
    const tensor = constantOf(node);
    const filled = node.op_type === 'ConstantOfShape' && folded.has(node.input[0] ?? '');
    if (node.op_type !== 'Constant' && !filled) continue;
    folded.set(name, tensor === undefined ? (shapes.get(name) ?? 'constant') : sizes(tensor.dims));
  }
  return folded;
}

function isFolded({ op_type: operator, output }: NodeProto, folded: ReadonlyMap<string, string>): boolean {
  return (
    (operator === 'Constant' || operator === 'ConstantOfShape') &&
    output.length === 1 &&
    folded.has(output[0]!)
  );
}

/** What stands below the operator: a few attributes, the weights, the graphs inside. */
function detailsOf(node: NodeProto, folded: ReadonlyMap<string, string>): string[] {
  const weights = node.input.filter((name) => folded.has(name)).map((name) => `${name}  ${folded.get(name)}`);
  const rest = weights.length > LISTED ? [`and ${weights.length - LISTED} more`] : [];
  const graphs = node.attribute.flatMap(({ name = '', g }) =>
    g === undefined ? [] : [`${name}: ${g.node.length} node${g.node.length === 1 ? '' : 's'}`],
  );
  return [...attributesOf(node), ...weights.slice(0, LISTED), ...rest, ...graphs];
}

function attributesOf(node: NodeProto): string[] {
  const lists = ['kernel_shape', 'strides', 'dilations', 'perm'].flatMap((name) => {
    const numbers = numbersOf(node, name);
    const usual = name !== 'kernel_shape' && name !== 'perm' && numbers?.every((number) => number === 1);
    return numbers === undefined || usual ? [] : [`${name.replace('_shape', '')} ${sizes(numbers)}`];
  });
  const group = numberOf(node, 'group', 1);
  const axis = numberOf(node, 'axis', Number.NaN);
  return [
    ...lists,
    ...(group === 1 ? [] : [`group ${group}`]),
    ...(Number.isNaN(axis) ? [] : [`axis ${axis}`]),
  ];
}

/** Shapes as text: with their names where the graph says them so, else as they follow. */
async function shapeTexts(
  graph: GraphProto | undefined,
  { source, signal }: DrawOptions,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  if (graph === undefined) return texts;
  const { shapes, parameters } = await inferShapes(graph, source, signal);
  if (parameters.size === 0) for (const [name, shape] of shapes) texts.set(name, sizes(shape));
  for (const { name = '', type } of [...graph.value_info, ...graph.output, ...graph.input]) {
    const dims = type?.tensor_type?.shape?.dim;
    if (dims !== undefined) {
      texts.set(
        name,
        sizes(dims.map(({ dim_value: size, dim_param: param }) => sizeOf(size) ?? (param || '?'))),
      );
    }
  }
  return texts;
}

function sizes(shape: readonly (number | string)[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

function describe(type: string | undefined, shape: string | undefined): string {
  return [type ?? '', shape ?? ''].filter((part) => part !== '').join(' ');
}
