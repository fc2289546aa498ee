import { TorshError } from '@torsh/bytes';
import { type DType, isDType, type Json, type JsonObject } from '@torsh/core';
import { FIELD_NUMBERS } from '../tensor/types.ts';

/** The namespace of metadata in which a model says how it was taken apart. */
export const ONNX = 'onnx';

/** The model without its weights: an ONNX file in its own right, which every ONNX library parses. */
export const PROGRAM = 'onnx/graph.onnx';

/** Bytes of the files beside a model that belong to no tensor. */
export const gapsPath = (index: number): string => `onnx/gaps/${index}.bin`;

/** A field of weights that was taken out of the graph. */
export interface TakenPart {
  /** Where in the graph it belongs. */
  readonly at: number;
  readonly field: keyof typeof FIELD_NUMBERS;
  readonly single: boolean;
  /** How many numbers it had; bytes of raw data. */
  readonly values: number;
}

/** A tensor that was taken out of the graph. */
export interface TakenTensor {
  readonly name: string;
  /** Its way through the fields of the model. */
  readonly place: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Absent where the numbers were in another file. */
  readonly parts: readonly TakenPart[] | undefined;
}

/** A file beside the model. */
export interface ExternalFile {
  readonly path: string;
  readonly size: number;
  /** The resource that has what no tensor has of it. */
  readonly gaps: string | undefined;
}

/** How a model was taken apart: enough to put it together again. */
export interface OnnxRecord {
  readonly tensors: readonly TakenTensor[];
  readonly files: readonly ExternalFile[];
}

/** The record as JSON, behind what else is known of the model. */
export function formatRecord(facts: JsonObject, { tensors, files }: OnnxRecord): JsonObject {
  return {
    ...facts,
    graph: PROGRAM,
    tensors: tensors.map(({ name, place, dtype, shape, parts }) => ({
      name,
      place,
      dtype,
      shape,
      ...(parts === undefined ? {} : { parts: parts.map(formatPart) }),
    })),
    ...(files.length === 0
      ? {}
      : {
          files: files.map(({ path, size, gaps }) => ({
            path,
            size,
            ...(gaps === undefined ? {} : { gaps }),
          })),
        }),
  };
}

function formatPart({ at, field, single, values }: TakenPart): JsonObject {
  return { at, field, values, ...(single ? { single } : {}) };
}

/** The record of an archive, which may come from anybody; `undefined` where there is none. */
export function parseRecord(metadata: Json | undefined): OnnxRecord | undefined {
  if (metadata === undefined) return undefined;
  const record = object(metadata, 'it');
  if (record.graph !== PROGRAM) throw wrong('graph', JSON.stringify(PROGRAM));
  return {
    tensors: list(record.tensors, 'tensors').map(parseTensor),
    files: record.files === undefined ? [] : list(record.files, 'files').map(parseFile),
  };
}

function parseTensor(json: Json, index: number): TakenTensor {
  const at = `tensors[${index}]`;
  const { name, place, dtype, shape, parts } = object(json, at);
  if (typeof dtype !== 'string' || !isDType(dtype)) throw wrong(`${at}.dtype`, 'a type');
  return {
    name: text(name, `${at}.name`),
    place: text(place, `${at}.place`),
    dtype,
    shape: list(shape, `${at}.shape`).map((length) => count(length, `${at}.shape`)),
    parts: parts === undefined ? undefined : list(parts, `${at}.parts`).map((part) => parsePart(part, at)),
  };
}

function parsePart(json: Json, of: string): TakenPart {
  const { at, field, single = false, values } = object(json, `${of}.parts`);
  if (typeof field !== 'string' || !Object.hasOwn(FIELD_NUMBERS, field))
    throw wrong(`${of}.parts`, 'a field of weights');
  if (typeof single !== 'boolean' || (single && field === 'raw_data')) throw wrong(`${of}.parts`, 'a part');
  return {
    at: count(at, `${of}.parts`),
    field: field as TakenPart['field'],
    single,
    values: count(values, `${of}.parts`),
  };
}

function parseFile(json: Json, index: number): ExternalFile {
  const { path, size, gaps } = object(json, `files[${index}]`);
  return {
    path: text(path, `files[${index}].path`),
    size: count(size, `files[${index}].size`),
    gaps: gaps === undefined ? undefined : text(gaps, `files[${index}].gaps`),
  };
}

function object(json: Json | undefined, what: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(what, 'an object');
  return json as JsonObject;
}

function list(json: Json | undefined, what: string): readonly Json[] {
  if (!Array.isArray(json)) throw wrong(what, 'a list');
  return json;
}

function text(json: Json | undefined, what: string): string {
  if (typeof json !== 'string') throw wrong(what, 'a text');
  return json;
}

function count(json: Json | undefined, what: string): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0)
    throw wrong(what, 'a whole number');
  return json;
}

function wrong(what: string, wanted: string): TorshError {
  return new TorshError('malformed', `In the metadata "${ONNX}", ${what} is not ${wanted}.`);
}
