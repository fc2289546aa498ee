import { type ByteSource, fromBytes, type ReadOptions, slice } from '@torsh/bytes';
import type { TakenPart } from '../archive/record.ts';
import { fieldHead } from '../edit/fields.ts';
import type { Edit } from '../edit/rewrite.ts';
import { encodedRun, measureRun } from '../numbers/run.ts';
import { formOf } from '../tensor/storage.ts';
import { elementType, FIELD_NUMBERS } from '../tensor/types.ts';
import { broken, type Piece } from './disassembled.ts';

/** Puts the numbers of a tensor back into the fields that they were taken from; `undefined` where they no longer fit. */
export async function insertParts(piece: Piece, options: ReadOptions): Promise<Edit[] | undefined> {
  const { parts, tensor, found, same } = piece;
  if (parts === undefined || !same) return undefined;
  const { span } = found.proto;
  const edits: Edit[] = [];
  let start = 0;
  for (const part of parts) {
    if (part.at < span.offset || part.at > span.offset + span.length) {
      throw broken(`byte ${part.at} of the graph is not in ${found.place}`);
    }
    const size = part.values * unitOf(piece, part);
    if (start + size > tensor.data.size) return undefined;
    // The whole source where it is the whole: it may know what its bytes must be.
    const data = size === tensor.data.size ? tensor.data : slice(tensor.data, start, size);
    start += size;
    edits.push({
      at: part.at,
      remove: 0,
      insert: await fieldOf(piece, part, data, options),
      nest: found.nest,
    });
  }
  return start === tensor.data.size ? edits : undefined;
}

function unitOf({ found: { proto, place } }: Piece, { field }: TakenPart): number {
  const type = elementType(proto.data_type);
  if (type === undefined || (field !== 'raw_data' && field !== type.field)) {
    throw broken(`${place} has no numbers in the field ${field}`);
  }
  return field === 'raw_data' ? 1 : type.unit;
}

async function fieldOf(
  { found }: Piece,
  { field, single }: TakenPart,
  data: ByteSource,
  options: ReadOptions,
): Promise<readonly ByteSource[]> {
  const number = FIELD_NUMBERS[field];
  const form = field === 'raw_data' ? undefined : formOf(elementType(found.proto.data_type)!, single);
  if (form === undefined || (!form.varint && !single)) return [fromBytes(fieldHead(number, data.size)), data];
  const run = await measureRun(data, form, options);
  const encoded = encodedRun(data, run);
  return single ? [encoded] : [fromBytes(fieldHead(number, run.size)), encoded];
}
