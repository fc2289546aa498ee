import { sizeOf, typeText } from '../archive/signature.ts';
import type { ValueInfoProto } from '../schema/message.ts';
import type { Value } from './facts.ts';

/** Inputs or outputs by name, type and sizes. */
export function signature(values: readonly ValueInfoProto[]): Value[] {
  return values.map(({ name = '', type }) => {
    const shape = (type?.tensor_type ?? type?.sparse_tensor_type)?.shape;
    return {
      name,
      type: typeText(type),
      shape:
        shape === undefined
          ? null
          : shape.dim.map(({ dim_value: size, dim_param: param }) => sizeOf(size) ?? param ?? null),
    };
  });
}
