export type { CheckOptions } from './check/check.ts';
export { checkModel } from './check/check.ts';
export type { Rule } from './check/rules.ts';
export { rules } from './check/rules.ts';
export { onnx } from './format.ts';
export type { DrawOptions } from './graph/draw.ts';
export { drawModel } from './graph/draw.ts';
export type { DecodeOptions } from './message/decode.ts';
export { decodeModel } from './message/decode.ts';
export type { OnnxOptions } from './options.ts';
export type { DataType } from './schema/data-type.ts';
export { ATTRIBUTE_TYPES, DATA_TYPES, EXTERNAL } from './schema/data-type.ts';
export type {
  AttributeProto,
  Blob,
  FunctionProto,
  GraphProto,
  Int64,
  Message,
  ModelProto,
  NodeProto,
  OperatorSetIdProto,
  Payload,
  Placed,
  Span,
  SparseTensorProto,
  Stretch,
  StringStringEntryProto,
  TensorProto,
  TrainingInfoProto,
  TypeProto,
  ValueInfoProto,
} from './schema/message.ts';
export type { MessageName } from './schema/schema.ts';
export type { ModelSummary, Value } from './summary/facts.ts';
export { summaryOf } from './summary/summary.ts';
export type { WeightCount, Weights } from './summary/weights.ts';
export type { Work } from './summary/work.ts';
