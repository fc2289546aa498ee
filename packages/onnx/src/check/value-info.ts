import type { TypeProto, ValueInfoProto } from '../schema/message.ts';
import type { Checking } from './checking.ts';
import type { Place } from './place.ts';

/** Checks an input or output. Those of subgraphs need a name only. */
export function checkValueInfo(value: ValueInfoProto, main: boolean, place: Place, checking: Checking): void {
  if (!value.name) checking.found('value-name', place, 'The value has no name.');
  if (!main) return;
  const lacks = value.type === undefined ? 'a type' : lackOf(value.type);
  if (lacks !== undefined) checking.found('value-type', place, `The value lacks ${lacks}.`);
}

function lackOf(type: TypeProto): string | undefined {
  const tensor = type.tensor_type ?? type.sparse_tensor_type;
  if (tensor !== undefined) {
    if (tensor.elem_type === undefined) return 'the type of its elements';
    return tensor.shape === undefined ? 'a shape' : undefined;
  }
  const holder = type.sequence_type ?? type.optional_type;
  if (holder !== undefined) return holder.elem_type === undefined ? 'the type of what it holds' : undefined;
  if (type.map_type !== undefined) {
    if (type.map_type.key_type === undefined) return 'the type of its keys';
    return type.map_type.value_type === undefined ? 'the type of its values' : undefined;
  }
  if (type.opaque_type !== undefined) return type.opaque_type.name ? undefined : 'the name of its type';
  return 'a kind of type that is known';
}
