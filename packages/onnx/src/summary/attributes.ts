import type { AttributeProto, NodeProto, TensorProto } from '../schema/message.ts';

function named(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

/** A whole number among the attributes of a node, or what holds where it is left out. */
export function numberOf(node: NodeProto, name: string, otherwise: number): number {
  const value = named(node, name)?.i;
  return value === undefined ? otherwise : Number(value);
}

/** A list of whole numbers among the attributes of a node. */
export function numbersOf(node: NodeProto, name: string): readonly number[] | undefined {
  const values = named(node, name)?.ints;
  return values === undefined || values.length === 0 ? undefined : values.map(Number);
}

/** A text among the attributes of a node. */
export function textOf(node: NodeProto, name: string): string | undefined {
  const bytes = named(node, name)?.s?.bytes;
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** The tensor of a Constant. */
export function constantOf(node: NodeProto): TensorProto | undefined {
  return node.op_type === 'Constant' ? named(node, 'value')?.t : undefined;
}
