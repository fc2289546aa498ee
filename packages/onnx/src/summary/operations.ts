import type { NodeProto } from '../schema/message.ts';
import { numberOf, numbersOf } from './attributes.ts';
import { axisIn, broadcast, elementsOf, type Shape, widened, windowed } from './extent.ts';

/** What is known before a node. */
export interface Given {
  readonly node: NodeProto;
  /** The shape of each input, where it is known. */
  readonly inputs: readonly (Shape | undefined)[];
  /** The whole numbers in an input, where they are constant and few. */
  numbers(index: number): readonly number[] | undefined;
}

/** What is known of an operator. */
export interface Operation {
  /** The shape of the first output. */
  shape(given: Given): Shape | undefined;
  /** Multiplications that are added up. */
  macs?(given: Given, output: Shape): number | undefined;
  /** All other operations on numbers, for each element of the output unless it says otherwise. */
  flops?(given: Given, output: Shape): number | undefined;
}

const first = ({ inputs }: Given): Shape | undefined => inputs[0];

/** As many operations as there are elements in the output. */
const each = (times: number) => (_: Given, output: Shape) => times * elementsOf(output);

function all({ inputs }: Given): Shape | undefined {
  return inputs.every((shape) => shape !== undefined) ? broadcast(inputs as Shape[]) : undefined;
}

function convolved({ node, inputs: [x, w] }: Given): Shape | undefined {
  if (x === undefined || w === undefined || w.length !== x.length || x.length < 3) return undefined;
  const sizes = windowed(node, x.slice(2), w.slice(2));
  return sizes && [x[0]!, w[0]!, ...sizes];
}

function deconvolved({ node, inputs: [x, w] }: Given): Shape | undefined {
  if (x === undefined || w === undefined || w.length !== x.length || x.length < 3) return undefined;
  const sizes = widened(node, x.slice(2), w.slice(2));
  return sizes && [x[0]!, w[1]! * numberOf(node, 'group', 1), ...sizes];
}

const conv: Operation = {
  shape: convolved,
  // The weights are [outputs, inputs of a group, …kernel]: each element of the output takes all but the first.
  macs: ({ inputs: [, w] }, output) => w && elementsOf(output) * elementsOf(w.slice(1)),
  flops: ({ node }, output) => (node.input[2] ? elementsOf(output) : 0),
};

function pooled({ node, inputs: [x] }: Given): Shape | undefined {
  const kernel = numbersOf(node, 'kernel_shape');
  if (x === undefined || kernel === undefined || x.length !== kernel.length + 2) return undefined;
  const sizes = windowed(node, x.slice(2), kernel);
  return sizes && [...x.slice(0, 2), ...sizes];
}

const pool: Operation = {
  shape: pooled,
  flops: ({ node }, output) => elementsOf(output) * elementsOf(numbersOf(node, 'kernel_shape') ?? []),
};

const globalPool: Operation = {
  shape: ({ inputs: [x] }) => x && [...x.slice(0, 2), ...x.slice(2).map(() => 1)],
  flops: ({ inputs: [x] }) => x && elementsOf(x),
};

function product({ inputs: [a, b] }: Given): Shape | undefined {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return undefined;
  const [left, right] = [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b];
  if (left.at(-1) !== right.at(-2)) return undefined;
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  return (
    batch && [...batch, ...(a.length === 1 ? [] : [left.at(-2)!]), ...(b.length === 1 ? [] : [right.at(-1)!])]
  );
}

const matMul: Operation = {
  shape: product,
  macs: ({ inputs: [a] }, output) => a && elementsOf(output) * a.at(-1)!,
};

function gemmSizes({ node, inputs: [a, b] }: Given): readonly [number, number, number] | undefined {
  if (a?.length !== 2 || b?.length !== 2) return undefined;
  const [rows, inner] = numberOf(node, 'transA', 0) === 0 ? [a[0]!, a[1]!] : [a[1]!, a[0]!];
  return [rows, numberOf(node, 'transB', 0) === 0 ? b[1]! : b[0]!, inner];
}

const gemm: Operation = {
  shape: (given) => gemmSizes(given)?.slice(0, 2),
  macs: (given, output) => elementsOf(output) * (gemmSizes(given)?.[2] ?? Number.NaN),
  flops: ({ node }, output) => (node.input[2] ? elementsOf(output) : 0),
};

function reduced({ node, inputs: [x], numbers }: Given): Shape | undefined {
  if (x === undefined) return undefined;
  const hasAxes = node.input.length > 1 && node.input[1] !== '';
  const axes = numbersOf(node, 'axes') ?? (hasAxes ? numbers(1) : x.map((_, axis) => axis));
  if (axes === undefined) return undefined;
  const gone = new Set(axes.map((axis) => axisIn(axis, x.length)));
  const keep = numberOf(node, 'keepdims', 1) === 1;
  return x.flatMap((size, axis) => (gone.has(axis) ? (keep ? [1] : []) : [size]));
}

const reduce: Operation = { shape: reduced, flops: ({ inputs: [x] }) => x && elementsOf(x) };

/** The same operations on numbers that stand for others: zero points and scales are between their inputs. */
const withScales = ({ shape, macs }: Operation, flops: Operation['flops']): Operation => {
  const without = (given: Given): Given => ({ ...given, inputs: [given.inputs[0], given.inputs[3]] });
  return {
    shape: (given) => shape(without(given)),
    macs: (given, output) => macs!(without(given), output),
    ...(flops === undefined ? {} : { flops }),
  };
};

/** LSTM, GRU and RNN: the weights are used once for each step and each member of the batch. */
const recurrent: Operation = {
  shape: ({ node, inputs: [x, , r] }) => {
    if (x?.length !== 3 || r?.length !== 3) return undefined;
    const [directions, , hidden] = r as [number, number, number];
    const batchFirst = numberOf(node, 'layout', 0) === 1;
    return batchFirst ? [x[0]!, x[1]!, directions, hidden] : [x[0]!, directions, x[1]!, hidden];
  },
  macs: ({ inputs: [x, w, r] }) => x && w && r && x[0]! * x[1]! * (elementsOf(w) + elementsOf(r)),
};

/** Operators that combine values one by one, and how many operations each element takes. */
const elementwise: readonly (readonly [times: number, operators: string])[] = [
  [1, 'Add Sub Mul Div Pow Mod Min Max PRelu And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual Where'],
  [1, 'BitShift BitwiseAnd BitwiseOr BitwiseXor Sum Mean'],
];

/** Operators that change values one by one. */
const unary: readonly (readonly [times: number, operators: string])[] = [
  [1, 'Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu'],
  [1, 'HardSigmoid HardSwish IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink'],
  [1, 'Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu'],
  [2, 'BatchNormalization QuantizeLinear DequantizeLinear'],
  [3, 'Softmax LogSoftmax Hardmax'],
  [7, 'LayerNormalization GroupNormalization InstanceNormalization'],
  [4, 'RMSNormalization'],
  [0, 'Identity Dropout Cast CastLike'],
];

const names = (text: string): readonly string[] => text.split(' ');
const table = (rows: readonly (readonly [number, string])[], shape: Operation['shape']) =>
  rows.flatMap(([times, text]) => names(text).map((name) => [name, { shape, flops: each(times) }] as const));

/** What is known of the operators of ONNX; those that are not here are not counted. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...table(elementwise, all),
  ...table(unary, first),
  ['Conv', conv],
  ['ConvInteger', conv],
  [
    'ConvTranspose',
    {
      shape: deconvolved,
      macs: ({ inputs: [x, w] }) => x && w && elementsOf(x) * elementsOf(w.slice(1)),
      flops: conv.flops!,
    },
  ],
  ['QLinearConv', withScales(conv, ({ node }, output) => (node.input[8] ? elementsOf(output) : 0))],
  ['QLinearMatMul', withScales(matMul, undefined)],
  ...names('LSTM GRU RNN').map((name) => [name, recurrent] as const),
  ['MatMul', matMul],
  ['MatMulInteger', matMul],
  ['Gemm', gemm],
  ['MaxPool', pool],
  ['AveragePool', pool],
  ['LpPool', pool],
  // Each element is divided by the sum of squares of its neighbours in other channels.
  [
    'LRN',
    { shape: first, flops: ({ node }, output) => elementsOf(output) * (2 * numberOf(node, 'size', 1) + 3) },
  ],
  ...names('GlobalAveragePool GlobalMaxPool GlobalLpPool').map((name) => [name, globalPool] as const),
  ...names('Sum Mean Max Min Prod L1 L2 LogSum LogSumExp SumSquare').map(
    (name) => [`Reduce${name}`, reduce] as const,
  ),
]);
