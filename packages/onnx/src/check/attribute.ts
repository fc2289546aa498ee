import { ATTRIBUTE_TYPES } from '../schema/data-type.ts';
import type { AttributeProto, GraphProto } from '../schema/message.ts';
import type { Checking } from './checking.ts';
import { inside, type Place } from './place.ts';
import { checkSparse } from './sparse.ts';
import { checkTensor } from './tensor.ts';

const numbers: ReadonlyMap<number, string> = new Map(
  Object.entries(ATTRIBUTE_TYPES).map(([name, [number]]) => [number, name]),
);

/** The type of an attribute: its name, `UNDEFINED` for the type that says nothing, `undefined` where there is none. */
export function attributeType({ type }: AttributeProto): string | undefined {
  if (type === 0) return 'UNDEFINED';
  // A number that the schema does not know is no value: readers of protobuf put it aside.
  return type === undefined ? undefined : numbers.get(type);
}

/** Checks an attribute and the tensors in it; the graphs in it are `graphsOf`. */
export async function checkAttribute(
  attribute: AttributeProto,
  main: boolean,
  place: Place,
  checking: Checking,
): Promise<void> {
  if (!attribute.name) checking.found('attribute-name', place, 'The attribute has no name.');
  const type = attributeType(attribute);
  if (type === undefined && checking.ir >= 2) {
    checking.found('attribute-type', place, 'The attribute has no type.');
  }
  const used = Object.entries(ATTRIBUTE_TYPES).filter(([, [, field]]) => isSet(attribute[field]));
  for (const [name] of used) {
    if (type !== undefined && type !== name) {
      checking.found('attribute-type', place, `The type is ${type}, but the value is of type ${name}.`);
    }
  }
  if (used.length > 1) {
    const fields = used.map(([, [, field]]) => field).join(', ');
    checking.found('attribute-value', place, `The attribute has more than one value: ${fields}.`);
  }
  if (!main && attribute.ref_attr_name !== undefined && used.length > 0) {
    checking.found(
      'attribute-value',
      place,
      'The attribute refers to one of a function and has a value, too.',
    );
  }
  const { t, sparse_tensor: sparse } = attribute;
  if (t !== undefined) await checkTensor(t, inside(place, 't'), checking);
  if (sparse !== undefined) await checkSparse(sparse, inside(place, 'sparse_tensor'), checking);
  for (const [index, each] of attribute.tensors.entries()) {
    await checkTensor(each, inside(place, 'tensors', index, each.name), checking);
  }
  for (const [index, each] of attribute.sparse_tensors.entries()) {
    await checkSparse(each, inside(place, 'sparse_tensors', index), checking);
  }
}

/** The graphs in an attribute, each with its place. */
export function* graphsOf({ g, graphs }: AttributeProto, place: Place): Generator<[GraphProto, Place]> {
  if (g !== undefined) yield [g, inside(place, 'g')];
  for (const [index, each] of graphs.entries()) yield [each, inside(place, 'graphs', index)];
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
