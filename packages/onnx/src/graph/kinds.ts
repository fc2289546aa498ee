import type { NodeProto } from '../schema/message.ts';

/** What operators are about, and the colour of each in a picture. */
export const colours = {
  layer: '#33658a',
  norm: '#3a7d5c',
  activation: '#8c3b3b',
  pool: '#5b7f2f',
  move: '#7a6248',
  quantise: '#a86523',
  control: '#6a4c93',
  other: '#50575e',
  own: '#157a8a',
} as const;

/** What an operator is about. */
export type OperatorKind = keyof typeof colours;

const operators: Readonly<Record<Exclude<OperatorKind, 'other' | 'own'>, string>> = {
  layer:
    'Conv ConvInteger ConvTranspose DeformConv Gemm MatMul MatMulInteger Einsum LSTM GRU RNN Attention RotaryEmbedding QLinearConv QLinearMatMul',
  norm: 'BatchNormalization LayerNormalization GroupNormalization InstanceNormalization RMSNormalization LRN LpNormalization MeanVarianceNormalization',
  activation:
    'Relu LeakyRelu PRelu Elu Celu Selu Gelu Mish Swish HardSwish Sigmoid HardSigmoid Tanh Softplus Softsign Softmax LogSoftmax Hardmax Clip ThresholdedRelu Shrink Erf',
  pool: 'MaxPool AveragePool LpPool GlobalMaxPool GlobalAveragePool GlobalLpPool MaxUnpool MaxRoiPool RoiAlign ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare ArgMax ArgMin TopK',
  move: 'Reshape Transpose Concat Split Slice Gather GatherElements GatherND Scatter ScatterElements ScatterND Squeeze Unsqueeze Flatten Expand Tile Pad Resize Upsample Shape Size Cast CastLike Identity Dropout DepthToSpace SpaceToDepth ConstantOfShape Range OneHot Trilu',
  quantise: 'QuantizeLinear DequantizeLinear DynamicQuantizeLinear',
  control: 'If Loop Scan SequenceMap',
};

const kinds: ReadonlyMap<string, OperatorKind> = new Map(
  Object.entries(operators).flatMap(([kind, names]) =>
    names.split(' ').map((name): [string, OperatorKind] => [name, kind as OperatorKind]),
  ),
);

/** What the operator of a node is about; those of other domains are somebody's own. */
export function kindOf({ op_type: name = '', domain = '' }: NodeProto): OperatorKind {
  return domain === '' || domain === 'ai.onnx' ? (kinds.get(name) ?? 'other') : 'own';
}
