import { type ByteSource, concat, fromBytes, type Limits, type ReadOptions, slice } from '@torsh/bytes';
import { bitsOf, bytesOf, elementsOf } from '@torsh/core';
import { varintWidth } from '../edit/varint.ts';
import type { NumberForm } from '../numbers/form.ts';
import { decodedRun, type Run, scanRun } from '../numbers/run.ts';
import { EXTERNAL } from '../schema/data-type.ts';
import type { Payload, TensorProto } from '../schema/message.ts';
import { type ElementType, elementType, FIELD_NUMBERS, hasTypedForm, type TypedField } from './types.ts';

/** A stretch of a model that is taken out of it, because its numbers are in the dense tensor. */
export interface Part {
  readonly field: TypedField | 'raw_data';
  /** Where the field begins, with its tag, and how long it is in all. */
  readonly start: number;
  readonly length: number;
  /** Each number has its own tag. */
  readonly single: boolean;
  /** How many numbers it has; bytes of raw data. */
  readonly values: number;
}

/** Where the numbers of a tensor are. */
export type Storage =
  | {
      readonly kind: 'inline';
      readonly type: ElementType;
      readonly parts: readonly Part[];
      readonly data: ByteSource;
    }
  | { readonly kind: 'external'; readonly type: ElementType; readonly bytes: number }
  /** It stays in the graph, for this reason. */
  | { readonly kind: 'kept'; readonly reason: string };

/** What looking at numbers may cost: those that are not dense must be read to know whether they can be given back. */
export interface Effort extends ReadOptions {
  readonly limits: Limits;
  /** Bytes that were read so far. */
  spent: number;
}

/** Finds out where the numbers of a tensor lie, and makes them dense. */
export async function storageOf(proto: TensorProto, source: ByteSource, effort: Effort): Promise<Storage> {
  const type = elementType(proto.data_type);
  if (type === undefined) return kept('their type has no place among weights');
  if (proto.segment !== undefined || proto.again.length > 0) return kept('they are in several parts');
  const { dims } = proto;
  if (dims.some((length) => length < 0)) return kept('a dimension is negative');
  if (dims.length > effort.limits.dimensions)
    return kept(`they have more than ${effort.limits.dimensions} dimensions`);
  const bytes = bytesOf(type.dtype, dims);
  if (!Number.isSafeInteger(bytes)) return kept('they are larger than any file');
  if (isFraction(type, dims)) return kept('they do not fill their last byte');
  if (proto.data_location === EXTERNAL) return { kind: 'external', type, bytes };
  const fields = Object.keys(FIELD_NUMBERS).filter((name) => payloads(proto, name).length > 0);
  const [name, second] = [...fields, ...(proto.string_data.length > 0 ? ['string_data'] : [])];
  if (second !== undefined) return kept('they have data in several fields');
  if (bytes === 0 && (name === undefined || payloads(proto, name).every(({ length }) => length === 0))) {
    return { kind: 'inline', type, parts: [], data: fromBytes(new Uint8Array(0)) };
  }
  if (name === undefined) return kept('they have no data');
  if (name === 'raw_data') return rawStorage(proto, type, bytes, source);
  if (name !== type.field || !hasTypedForm(type)) return kept(`they have data in the field ${name}`);
  return typedStorage(proto, type, bytes, source, effort);
}

/** Writers have one part, or few; of a tensor in countless parts each would be a line of the record. */
const MOST_PARTS = 1000;

/** Types below eight bits that safetensors has must end with a byte. */
function isFraction({ dtype }: ElementType, dims: readonly number[]): boolean {
  if (dtype !== 'F4' && dtype !== 'F6_E2M3' && dtype !== 'F6_E3M2') return false;
  return (elementsOf(dims) * bitsOf(dtype)) % 8 !== 0;
}

function payloads(proto: TensorProto, name: string): readonly Payload[] {
  return proto[name as TypedField];
}

function rawStorage(proto: TensorProto, type: ElementType, bytes: number, source: ByteSource): Storage {
  const [payload, second] = proto.raw_data;
  if (second !== undefined || payload === undefined) return kept('they have data twice');
  if (payload.length !== bytes) {
    return kept(`their shape needs ${bytes} bytes and they have ${payload.length}`);
  }
  if (!isPlain(payload)) return kept('their length is written in more bytes than needed');
  const part: Part = {
    field: 'raw_data',
    start: payload.start,
    length: payload.offset + payload.length - payload.start,
    single: false,
    values: bytes,
  };
  return { kind: 'inline', type, parts: [part], data: slice(source, payload.offset, payload.length) };
}

async function typedStorage(
  proto: TensorProto,
  type: ElementType,
  bytes: number,
  source: ByteSource,
  effort: Effort,
): Promise<Storage> {
  if (proto[type.field].length > MOST_PARTS) return kept(`they are in more than ${MOST_PARTS} parts`);
  const parts: Part[] = [];
  const sources: ByteSource[] = [];
  for (const payload of proto[type.field]) {
    if (payload.packed && !isPlain(payload)) return kept('their length is written in more bytes than needed');
    const form = formOf(type, !payload.packed);
    const encoded = slice(source, payload.offset, payload.length);
    const run = await runOf(encoded, form, effort);
    if (run === undefined) return kept('their numbers are written in another form than the usual one');
    parts.push({
      field: type.field,
      start: payload.start,
      length: payload.offset + payload.length - payload.start,
      single: !payload.packed,
      values: run.count,
    });
    sources.push(form.varint || form.tag !== undefined ? decodedRun(encoded, run) : encoded);
  }
  const [only, second] = sources;
  const data = second === undefined && only !== undefined ? only : concat(sources);
  if (data.size !== bytes) return kept(`their shape needs ${bytes} bytes and they have ${data.size}`);
  return { kind: 'inline', type, parts, data };
}

/** How the numbers of a type lie in its field. */
export function formOf({ field, unit, signed }: ElementType, single: boolean): NumberForm {
  const varint = field !== 'float_data' && field !== 'double_data';
  const wire = varint ? 0 : unit === 4 ? 5 : 1;
  return { unit, signed, varint, tag: single ? FIELD_NUMBERS[field] * 8 + wire : undefined };
}

async function runOf(encoded: ByteSource, form: NumberForm, effort: Effort): Promise<Run | undefined> {
  if (!form.varint && form.tag === undefined) {
    if (encoded.size % form.unit !== 0) return undefined;
    return { form, count: encoded.size / form.unit, size: encoded.size, milestones: [] };
  }
  effort.spent += encoded.size;
  // Beyond that, a model is opened faster than its numbers can be looked at, and they stay where they are.
  if (effort.spent > effort.limits.expandedBytes) return undefined;
  return scanRun(encoded, form, effort);
}

/** True for a tag of one byte with the shortest form of the length behind it. */
function isPlain({ start, offset, length }: Payload): boolean {
  return offset - start === 1 + varintWidth(length);
}

function kept(reason: string): Storage {
  return { kind: 'kept', reason };
}
