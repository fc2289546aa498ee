/**
 * Every rule, with what it demands. Those whose names begin with `runtime-` are demanded by onnxruntime only, the others by
 * the reference checker of onnx. docs/formats/onnx.md has the same table.
 */
export const rules = {
  nesting: 'messages are nested at most 100 deep, which is where readers of protobuf stop',
  'ir-version': 'the IR version is given and not newer than 14',
  'metadata-keys': 'no key of the metadata is there twice',
  'opset-import': 'from IR version 3 on operator sets are imported, before that none; versions fit 32 bits',
  'graph-name': 'a graph has a name',
  'value-name': 'an input or output has a name',
  'value-type':
    'an input or output of the main graph has a type, whole: a tensor its element type and shape, a map key and value',
  'input-unique': 'no two inputs of a graph or function have one name',
  'initializer-name': 'an initializer has a name',
  'initializer-unique': 'no two initializers of a graph have one name',
  'initializer-input': 'up to IR version 3, an initializer is also an input',
  order: 'what a node takes was made before it, in its graph or around it',
  'single-assignment': 'what a node makes has a name that nothing before it has',
  'output-made': 'what a graph gives was made in it',
  'node-type': 'a node has an operator',
  'node-empty': 'a node has inputs or outputs',
  domain: 'the domain of an operator is imported',
  operator:
    'an operator of a domain of ONNX exists in the version that is imported, and is not deprecated there',
  'operator-inputs': 'a node has as many inputs as its operator takes, and none empty that must be there',
  'operator-outputs': 'a node has as many outputs as its operator makes, and none empty that must be there',
  'operator-attributes':
    'a node has the attributes that its operator demands, and only those that it knows, of their types',
  'attribute-name': 'an attribute has a name, and no other of its node has it',
  'attribute-type': 'an attribute has a type (from IR version 2 on), and its value is of that type',
  'attribute-value': 'an attribute has at most one value, and none where it refers to one of a function',
  'data-type': 'a tensor has an element type that ONNX knows',
  'data-shape': 'no dimension is negative, and all of them together are a number below 2^63',
  'data-field':
    'a tensor has its values in one field, the one for its type, or in raw_data; none where it is empty',
  'data-size': 'a tensor has at least as many values or bytes as its shape says',
  'data-padding': 'six-bit floats use six bits; those that belong to no value are zero',
  'external-location':
    'data in another file say in which: a relative path that stays in the folder of the model',
  'external-file': 'the file of external data is there',
  'sparse-values': 'a sparse tensor has values, in one dimension',
  'sparse-shape': 'a sparse tensor has dimensions, all above 0',
  'sparse-indices':
    'indices are INT64, as many as values, within the shape, ascending; inside of the model file',
  'function-name': 'a function has a name and, from IR version 8 on, a domain',
  'function-unique': 'no two functions have one domain, name and overload; there are at most 10,000',
  'function-names': 'no two outputs of a function have one name, and no two attributes',
  'function-calls': 'functions do not call each other in circles, nor more than 100 deep',
  'function-opset': 'an operator in a function is of the same version as in the model',
  'runtime-data-type': 'a tensor with raw_data has an element type that is known, too',
  'runtime-data-size': 'a tensor has exactly as many values or bytes as its shape says',
  'runtime-external-type': 'external data are of a type of a known size, so not of strings',
  'runtime-external-key':
    'external data have no keys but location, offset, length, checksum, basepath and those that begin with prepacked',
  'runtime-external-range': 'external data have the length of their shape and lie within their file',
} as const;

/** The name of a rule. */
export type Rule = keyof typeof rules;
