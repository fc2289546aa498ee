import { type ByteSource, fromBytes, slice } from '@torsh/bytes';
import { field, fieldHead, numberField } from '../edit/fields.ts';
import type { Edit } from '../edit/rewrite.ts';
import { EXTERNAL } from '../schema/data-type.ts';
import { FIELD_NUMBERS } from '../tensor/types.ts';
import type { Piece } from './disassembled.ts';

/** Where the numbers of a tensor will be in another file. */
export interface NewLocation {
  readonly path: string;
  readonly offset: number;
}

/** Writes the message of a tensor anew, with its numbers inside or with their place in another file. */
export function rewriteTensor(
  { found, tensor, dataType }: Piece,
  program: ByteSource,
  location: NewLocation | undefined,
): Edit {
  const { span, name, doc_string, metadata_props, unknown } = found.proto;
  const { shape, data } = tensor;
  const inside = location === undefined && data.size > 0;
  const insert: ByteSource[] = [
    ...shape.map((length) => numberField(1, length)),
    numberField(2, dataType),
    ...(name === undefined ? [] : [field(8, name)]),
    ...(inside ? [fieldHead(FIELD_NUMBERS.raw_data, data.size)] : []),
  ].map(fromBytes);
  if (inside) insert.push(data);
  if (doc_string !== undefined) insert.push(fromBytes(field(12, doc_string)));
  if (location !== undefined) insert.push(...locationFields(location, data.size).map(fromBytes));
  for (const { span: each } of metadata_props) {
    insert.push(fromBytes(fieldHead(16, each.length)), slice(program, each.offset, each.length));
  }
  for (const { offset, length } of unknown) insert.push(slice(program, offset, length));
  return { at: span.offset, remove: span.length, insert, nest: found.nest };
}

/** Only what every runtime knows: one that meets another key refuses the model. */
function locationFields({ path, offset }: NewLocation, length: number): Uint8Array[] {
  const said = [
    ['location', path],
    ['offset', String(offset)],
    ['length', String(length)],
  ] as const;
  return [
    ...said.map(([key, value]) => field(13, Uint8Array.from([...field(1, key), ...field(2, value)]))),
    numberField(14, EXTERNAL),
  ];
}
