/** The element types of ONNX, by the numbers that `TensorProto.DataType` gives them. */
export const DATA_TYPES = [
  'UNDEFINED',
  'FLOAT',
  'UINT8',
  'INT8',
  'UINT16',
  'INT16',
  'INT32',
  'INT64',
  'STRING',
  'BOOL',
  'FLOAT16',
  'DOUBLE',
  'UINT32',
  'UINT64',
  'COMPLEX64',
  'COMPLEX128',
  'BFLOAT16',
  'FLOAT8E4M3FN',
  'FLOAT8E4M3FNUZ',
  'FLOAT8E5M2',
  'FLOAT8E5M2FNUZ',
  'UINT4',
  'INT4',
  'FLOAT4E2M1',
  'FLOAT8E8M0',
  'UINT2',
  'INT2',
  'FLOAT6E2M3',
  'FLOAT6E3M2',
] as const;

export type DataType = (typeof DATA_TYPES)[number];

/** `TensorProto.DataLocation`: the data of a tensor lie in another file. */
export const EXTERNAL = 1;

/** The values of `AttributeProto.AttributeType`, and the field that each announces. */
export const ATTRIBUTE_TYPES = {
  FLOAT: [1, 'f'],
  INT: [2, 'i'],
  STRING: [3, 's'],
  TENSOR: [4, 't'],
  GRAPH: [5, 'g'],
  FLOATS: [6, 'floats'],
  INTS: [7, 'ints'],
  STRINGS: [8, 'strings'],
  TENSORS: [9, 'tensors'],
  GRAPHS: [10, 'graphs'],
  SPARSE_TENSOR: [11, 'sparse_tensor'],
  SPARSE_TENSORS: [12, 'sparse_tensors'],
  TYPE_PROTO: [13, 'tp'],
  TYPE_PROTOS: [14, 'type_protos'],
} as const;
