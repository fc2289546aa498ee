import { fromBytes, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../src/message/decode.ts';
import { type Work, workOf } from '../../src/summary/work.ts';
import { encode, type Fields } from '../encode.ts';

const typed = (name: string, ...shape: (number | string)[]): Fields => ({
  name,
  type: {
    tensor_type: {
      elem_type: 1,
      shape: {
        dim: shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size })),
      },
    },
  },
});
const weight = (name: string, ...dims: number[]): Fields => ({ name, dims, data_type: 1 });
const int64 = (name: string, ...int64_data: number[]): Fields => ({
  name,
  dims: [int64_data.length],
  data_type: 7,
  int64_data,
});
const ints = (name: string, ...values: number[]): Fields => ({ name, type: 7, ints: values });
const int = (name: string, value: number): Fields => ({ name, type: 2, i: value });

async function work(
  node: readonly Fields[],
  input: readonly Fields[],
  initializer: readonly Fields[] = [],
): Promise<Work> {
  const graph = { name: 'g', node, input, initializer };
  const source = fromBytes(encode('ModelProto', { ir_version: 10, graph, opset_import: [{ version: 21 }] }));
  return workOf((await decodeModel(source, { limits: withLimits({}) })).graph!, source, undefined);
}

const node = (op_type: string, input: readonly string[], ...attribute: readonly Fields[]): Fields => ({
  op_type,
  input,
  output: ['y'],
  attribute,
});

describe('the work of a node', () => {
  it('Conv: the first layer of a ResNet', async () => {
    // 112 × 112 places, 64 channels, each of 3 channels under 7 × 7.
    const macs = 112 * 112 * 64 * 3 * 49;
    const conv = node('Conv', ['x', 'w'], ints('strides', 2, 2), ints('pads', 3, 3, 3, 3));
    expect(await work([conv], [typed('x', 1, 3, 224, 224)], [weight('w', 64, 3, 7, 7)])).toMatchObject({
      macs,
      flops: 2 * macs,
      counted: 1,
    });
  });

  it('Conv: in groups, dilated, with a bias and automatic padding', async () => {
    // One channel of input for each of 8 channels of output; 10 × 10 places stay with SAME_UPPER.
    const same = node('Conv', ['x', 'w', 'b'], int('group', 8), ints('dilations', 2, 2), {
      name: 'auto_pad',
      type: 3,
      s: new TextEncoder().encode('SAME_UPPER'),
    });
    const weights = [weight('w', 8, 1, 3, 3), weight('b', 8)];
    const macs = 2 * 8 * 100 * 9;
    const found = await work([same], [typed('x', 2, 8, 10, 10)], weights);
    expect(found).toMatchObject({ macs, flops: 2 * macs + 2 * 8 * 100 });
    // Without padding a kernel of three reaches over five, and 6 × 6 places are left.
    const bare = node('Conv', ['x', 'w'], int('group', 8), ints('dilations', 2, 2));
    expect((await work([bare], [typed('x', 2, 8, 10, 10)], weights)).macs).toBe(2 * 8 * 36 * 9);
  });

  it('ConvTranspose: each element of the input is spread', async () => {
    const spread = node('ConvTranspose', ['x', 'w'], ints('strides', 2, 2));
    const found = await work([spread], [typed('x', 1, 4, 5, 5)], [weight('w', 4, 6, 3, 3)]);
    expect(found.macs).toBe(4 * 25 * 6 * 9);
  });

  it('Gemm: whichever side is transposed', async () => {
    const gemm = node('Gemm', ['x', 'w', 'b'], int('transA', 1), int('transB', 1));
    const found = await work([gemm], [typed('x', 7, 2)], [weight('w', 5, 7), weight('b', 5)]);
    expect(found).toMatchObject({ macs: 2 * 5 * 7, flops: 2 * 70 + 10 });
  });

  it.each([
    [[2, 3], [3, 4], 24],
    [[5, 1, 2, 3], [6, 3, 4], 5 * 6 * 24],
    [[3], [3], 3],
    [[2, 3], [3], 6],
  ])('MatMul: %j by %j is %d', async (a, b, macs) => {
    expect((await work([node('MatMul', ['a', 'b'])], [typed('a', ...a), typed('b', ...b)])).macs).toBe(macs);
  });

  it('LSTM: all four gates for each step', async () => {
    const weights = [weight('w', 1, 4 * 8, 3), weight('r', 1, 4 * 8, 8)];
    const lstm = node('LSTM', ['x', 'w', 'r'], int('hidden_size', 8));
    expect((await work([lstm], [typed('x', 10, 2, 3)], weights)).macs).toBe(10 * 2 * 32 * (3 + 8));
  });

  it.each([
    ['Add', ['x', 'b'], 24],
    ['Relu', ['x'], 24],
    ['BatchNormalization', ['x', 'b', 'b', 'b', 'b'], 48],
    ['Softmax', ['x'], 72],
    ['Reshape', ['x', 'b'], 0],
    ['GlobalAveragePool', ['x'], 24],
  ])('%s', async (operator, input, flops) => {
    const found = await work([node(operator, input)], [typed('x', 1, 2, 3, 4)], [weight('b', 4)]);
    expect(found).toMatchObject({ macs: 0, flops, counted: 1 });
  });

  it('a pool looks at all of its window', async () => {
    const pool = node(
      'MaxPool',
      ['x'],
      ints('kernel_shape', 3, 3),
      ints('strides', 2, 2),
      int('ceil_mode', 1),
    );
    // From 6 places, windows of 3 at steps of 2 fit 2 times, and a part of one is left.
    expect((await work([pool], [typed('x', 1, 1, 6, 6)])).flops).toBe(9 * 9);
  });
});

describe('shapes', () => {
  const chain = (...steps: readonly Fields[]) =>
    steps.map((step, index) => ({
      ...step,
      input: (step.input as string[]).map((name) => (name === 'x' && index > 0 ? `v${index - 1}` : name)),
      output: [`v${index}`],
    }));

  it('follow from those before', async () => {
    const nodes = chain(
      node('Transpose', ['x'], ints('perm', 0, 2, 1)), // 2, 4, 3
      node('Unsqueeze', ['x', 'first']), // 1, 2, 4, 3
      node('Concat', ['x', 'x'], int('axis', -1)), // 1, 2, 4, 6
      node('Reshape', ['x', 'flat']), // 8, 6
      node('Gather', ['x', 'rows'], int('axis', 0)), // 2, 6
      node('ReduceSum', ['x', 'last'], int('keepdims', 0)), // 2
      node('Expand', ['x', 'wide']), // 5, 2
      node('Relu', ['x']),
    );
    const numbers = [
      int64('first', 0),
      int64('flat', -1, 6),
      int64('rows', 1, 1),
      int64('last', -1),
      int64('wide', 5, 1),
    ];
    expect(await work(nodes, [typed('x', 2, 3, 4)], numbers)).toMatchObject({
      // The sum adds the 12 elements that it takes; the activation has 10.
      flops: 12 + 10,
      shapeless: {},
      unknown: {},
    });
  });

  it('with names are taken as 1, and that is said', async () => {
    const found = await work(
      [node('MatMul', ['x', 'w'])],
      [typed('x', 'batch', 'tokens', 8)],
      [weight('w', 8, 4)],
    );
    expect(found).toMatchObject({ macs: 32, assumed: ['batch', 'tokens'] });
  });

  it('that are not known are counted, as are operators', async () => {
    const untyped = { name: 'x' };
    const found = await work(
      [node('Relu', ['x']), { ...node('Own', ['x']), domain: 'mine' }, node('Loop', ['x'])],
      [untyped],
    );
    expect(found).toMatchObject({ counted: 0, shapeless: { Relu: 1 }, unknown: { 'mine.Own': 1, Loop: 1 } });
  });

  it('that make no sense give nothing', async () => {
    const conv = node('Conv', ['x', 'w'], ints('strides', 0, 0));
    expect(await work([conv], [typed('x', 1, 3, 4, 4)], [weight('w', 1, 3, 3, 3)])).toMatchObject({
      macs: 0,
      counted: 0,
    });
    expect(await work([node('MatMul', ['a', 'b'])], [typed('a', 2, 3), typed('b', 4, 5)])).toMatchObject({
      counted: 0,
    });
    expect(await work([node('Add', ['a', 'b'])], [typed('a', 2), typed('b', 3)])).toMatchObject({
      counted: 0,
    });
    expect(await work([node('Reshape', ['x', 's'])], [typed('x', 4)], [int64('s', 3, -1)])).toMatchObject({
      flops: 0,
    });
  });
});
