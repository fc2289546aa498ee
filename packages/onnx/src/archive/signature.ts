import type { Json } from '@torsh/core';
import { DATA_TYPES } from '../schema/data-type.ts';
import type { Int64, TypeProto, ValueInfoProto } from '../schema/message.ts';

/** Inputs or outputs of a graph as JSON: name, type as runtimes write it, and shape with `null` where nothing is said. */
export function signature(values: readonly ValueInfoProto[]): Json {
  return values.map(({ name = '', type }) => ({
    name,
    type: typeText(type),
    ...(type?.tensor_type?.shape === undefined ? {} : { shape: shapeOf(type.tensor_type.shape) }),
  }));
}

function shapeOf(shape: NonNullable<NonNullable<TypeProto['tensor_type']>['shape']>): Json {
  return shape.dim.map(({ dim_value, dim_param }) => sizeOf(dim_value) ?? dim_param ?? null);
}

/** A size as JSON has it: as text where it is no safe number. */
export function sizeOf(size: Int64 | undefined): number | string | undefined {
  return typeof size === 'bigint' ? String(size) : size;
}

/** A type such as `tensor(float)` or `seq(tensor(int64))`. */
export function typeText(type: TypeProto | undefined): string {
  const open: string[] = [];
  let at = type;
  for (;;) {
    const { tensor_type, sparse_tensor_type, sequence_type, optional_type, map_type, opaque_type } = at ?? {};
    if (sequence_type !== undefined) {
      open.push('seq(');
      at = sequence_type.elem_type;
    } else if (optional_type !== undefined) {
      open.push('optional(');
      at = optional_type.elem_type;
    } else if (map_type !== undefined) {
      open.push(`map(${elementText(map_type.key_type)},`);
      at = map_type.value_type;
    } else {
      const inner =
        tensor_type !== undefined
          ? `tensor(${elementText(tensor_type.elem_type)})`
          : sparse_tensor_type !== undefined
            ? `sparse_tensor(${elementText(sparse_tensor_type.elem_type)})`
            : opaque_type !== undefined
              ? `opaque(${opaque_type.domain ?? ''},${opaque_type.name ?? ''})`
              : '';
      return open.join('') + inner + ')'.repeat(open.length);
    }
  }
}

function elementText(number = 0): string {
  return DATA_TYPES[number]?.toLowerCase() ?? String(number);
}
