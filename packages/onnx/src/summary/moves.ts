import { numberOf, numbersOf } from './attributes.ts';
import { axisIn, broadcast, elementsOf, type Shape } from './extent.ts';
import type { Given, Operation } from './operations.ts';

function flattened({ node, inputs: [x] }: Given): Shape | undefined {
  if (x === undefined) return undefined;
  const axis = numberOf(node, 'axis', 1);
  const from = axis < 0 ? axis + x.length : axis;
  return [elementsOf(x.slice(0, from)), elementsOf(x.slice(from))];
}

function reshaped({ node, inputs: [x], numbers }: Given): Shape | undefined {
  const wanted = numbersOf(node, 'shape') ?? numbers(1);
  if (x === undefined || wanted === undefined) return undefined;
  const zeroIsZero = numberOf(node, 'allowzero', 0) === 1;
  const sizes = wanted.map((size, axis) => (size === 0 && !zeroIsZero ? (x[axis] ?? 0) : size));
  const rest = elementsOf(x) / elementsOf(sizes.filter((size) => size !== -1));
  const shape = sizes.map((size) => (size === -1 ? rest : size));
  return shape.every((size) => Number.isSafeInteger(size) && size >= 0) ? shape : undefined;
}

function transposed({ node, inputs: [x] }: Given): Shape | undefined {
  if (x === undefined) return undefined;
  const order = numbersOf(node, 'perm') ?? x.map((_, axis) => x.length - 1 - axis);
  const shape = order.map((axis) => x[axis]);
  return shape.length === x.length && shape.every((size) => size !== undefined)
    ? (shape as number[])
    : undefined;
}

function joined({ node, inputs }: Given): Shape | undefined {
  const [x] = inputs;
  const axis = x && axisIn(numberOf(node, 'axis', 1), x.length);
  if (axis === undefined || inputs.some((shape) => shape?.length !== x!.length)) return undefined;
  const size = inputs.reduce((sum, shape) => sum + shape![axis]!, 0);
  return x!.with(axis, size);
}

function gathered({ node, inputs: [x, indices] }: Given): Shape | undefined {
  const axis = x && axisIn(numberOf(node, 'axis', 0), x.length);
  if (axis === undefined || indices === undefined) return undefined;
  return [...x!.slice(0, axis), ...indices, ...x!.slice(axis + 1)];
}

function squeezed({ node, inputs: [x], numbers }: Given): Shape | undefined {
  const given = numbersOf(node, 'axes') ?? (node.input.length > 1 ? numbers(1) : undefined);
  if (x === undefined || (given === undefined && node.input.length > 1)) return undefined;
  const gone = new Set(given?.map((axis) => axisIn(axis, x.length)));
  return x.filter((size, axis) => (given === undefined ? size !== 1 : !gone.has(axis)));
}

function unsqueezed({ node, inputs: [x], numbers }: Given): Shape | undefined {
  const axes = numbersOf(node, 'axes') ?? numbers(1);
  if (x === undefined || axes === undefined) return undefined;
  const rank = x.length + axes.length;
  const added = new Set(axes.map((axis) => axisIn(axis, rank)));
  const rest = x.values();
  const shape = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : rest.next().value));
  return shape.every((size) => size !== undefined) ? (shape as number[]) : undefined;
}

function expanded({ inputs: [x], numbers }: Given): Shape | undefined {
  const wanted = numbers(1);
  return x && wanted && broadcast([x, wanted]);
}

const nowhere = (): undefined => undefined;

/** Operators that only move values, or make them from nothing: no work, and the shape of what they give where it is simple. */
export const moves: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['Flatten', { shape: flattened }],
  ['Reshape', { shape: reshaped }],
  ['Transpose', { shape: transposed }],
  ['Concat', { shape: joined }],
  ['Gather', { shape: gathered }],
  ['Squeeze', { shape: squeezed }],
  ['Unsqueeze', { shape: unsqueezed }],
  ['Expand', { shape: expanded }],
  ['ConstantOfShape', { shape: ({ numbers }) => numbers(0) }],
  ['Shape', { shape: ({ inputs: [x] }) => x && [x.length] }],
  ...[
    'Constant DepthToSpace EyeLike GatherElements GatherND Pad Range ScatterElements ScatterND',
    'Size Slice SpaceToDepth Split Tile Trilu OneHot ReverseSequence SequenceAt SequenceConstruct Unique NonZero',
  ].flatMap((text) => text.split(' ').map((name) => [name, { shape: nowhere }] as const)),
]);
