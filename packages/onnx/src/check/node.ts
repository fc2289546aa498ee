import type { AttributeProto, NodeProto } from '../schema/message.ts';
import { attributeType, checkAttribute } from './attribute.ts';
import type { Checking } from './checking.ts';
import type { Ends, Signature } from './operator.ts';
import type { Opsets } from './opsets.ts';
import { inside, type Place, quoted } from './place.ts';

/** The domains whose operators are all known. */
const KNOWN: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.training']);

/** Operators of the time before the first release: files with them exist, and nothing defines them. */
const EXPERIMENTAL: ReadonlySet<string> = new Set([
  'ATen',
  'Affine',
  'ConstantFill',
  'Crop',
  'DynamicSlice',
  'GRUUnit',
  'GivenTensorFill',
  'ImageScaler',
  'ParametricSoftplus',
  'Scale',
  'ScaledTanh',
]);

/** Checks a node by itself: its attributes, and what its operator demands of it. */
export async function checkNode(
  node: NodeProto,
  opsets: Opsets,
  main: boolean,
  place: Place,
  checking: Checking,
): Promise<void> {
  const { op_type: operator = '', domain = '' } = node;
  if (operator === '') checking.found('node-type', place, 'The node has no operator.');
  if (node.input.length === 0 && node.output.length === 0) {
    checking.found('node-empty', place, 'The node has neither inputs nor outputs.');
  }
  const names = new Set<string>();
  for (const [index, attribute] of node.attribute.entries()) {
    const { name = '' } = attribute;
    const at = inside(place, 'attribute', index, name);
    if (names.has(name))
      checking.found('attribute-name', at, `There is an attribute ${quoted(name)} already.`);
    names.add(name);
    await checkAttribute(attribute, main, at, checking);
  }
  const version = opsets.get(domain) ?? (domain === '' ? opsets.get('ai.onnx') : undefined);
  if (version === undefined) {
    checking.found('domain', place, `The domain ${quoted(domain)} of ${quoted(operator)} is not imported.`);
  } else if (operator !== '') {
    checkOperator(node, checking.operators(domain, operator, version), version, place, checking);
  }
}

function checkOperator(
  node: NodeProto,
  signature: Signature | undefined,
  version: number,
  place: Place,
  checking: Checking,
): void {
  const { op_type: operator = '', domain = '' } = node;
  const name = quoted(domain === '' ? operator : `${domain}.${operator}`);
  if ((domain === '' || domain === 'ai.onnx') && EXPERIMENTAL.has(operator)) {
    checking.warned('operator', place, `${name} was experimental and is defined nowhere.`);
  } else if (signature === undefined) {
    if (!KNOWN.has(domain)) return;
    checking.found('operator', place, `There is no operator ${name} in version ${version}.`);
  } else if (signature.deprecated) {
    checking.found('operator', place, `${name} is deprecated since version ${signature.since}.`);
  } else {
    checkEnds('input', node.input, signature.inputs, name, place, checking);
    checkEnds('output', node.output, signature.outputs, name, place, checking);
    checkAttributes(node.attribute, signature, name, place, checking);
  }
}

function checkEnds(
  field: 'input' | 'output',
  given: readonly string[],
  ends: Ends,
  operator: string,
  place: Place,
  checking: Checking,
): void {
  const rule = `operator-${field}s` as const;
  if (!ends.allows(given.length)) {
    checking.found(rule, place, `${operator} has ${ends.text} ${field}s, this node ${given.length}.`);
  }
  for (const [index, name] of given.entries()) {
    const kind = ends.kinds[index];
    // One that is not in the list is of the last kind, if that is variadic; otherwise there are too many already.
    if (kind === undefined) break;
    if (kind === 'S' && name === '') {
      checking.found(
        rule,
        inside(place, field, index),
        `${operator} needs this ${field}; its name is empty.`,
      );
    }
  }
}

function checkAttributes(
  given: readonly AttributeProto[],
  { attributes, open }: Signature,
  operator: string,
  place: Place,
  checking: Checking,
): void {
  const names = new Set(given.map(({ name = '' }) => name));
  for (const [index, attribute] of given.entries()) {
    const { name = '' } = attribute;
    const at = inside(place, 'attribute', index, name);
    const demanded = attributes.get(name);
    if (demanded === undefined) {
      // By convention, names that begin so are nobody's business but the exporter's.
      if (open || name.startsWith('__')) continue;
      checking.found('operator-attributes', at, `${operator} knows no attribute ${quoted(name)}.`);
    } else if ((attributeType(attribute) ?? 'UNDEFINED') !== demanded.type) {
      checking.found(
        'operator-attributes',
        at,
        `${operator} needs this attribute to be of type ${demanded.type}.`,
      );
    } else if (!attribute.ref_attr_name && lacksValue(attribute, demanded.type)) {
      checking.found('operator-attributes', at, `The attribute has no value of type ${demanded.type}.`);
    }
  }
  for (const [name, { required }] of attributes) {
    if (!required || names.has(name)) continue;
    checking.found('operator-attributes', place, `${operator} needs the attribute ${quoted(name)}.`);
  }
}

/** Numbers, texts and lists may be left out and are 0 or empty then; messages may not. */
function lacksValue(attribute: AttributeProto, type: string): boolean {
  switch (type) {
    case 'TENSOR':
      return attribute.t === undefined;
    case 'GRAPH':
      return attribute.g === undefined;
    case 'SPARSE_TENSOR':
      return attribute.sparse_tensor === undefined;
    case 'TYPE_PROTO':
      return attribute.tp === undefined;
    default:
      return false;
  }
}
