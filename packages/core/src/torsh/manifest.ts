import { type Limits, TorshError } from '@torsh/bytes';
import type { Json, JsonObject, ResourceRole } from '../archive.ts';
import { type DType, isDType, isPhysical } from '../dtype.ts';
import { encodeJson, parseJson } from './json.ts';
import { FORMAT_VERSION, MANIFEST_PATH } from './layout.ts';

/** A tensor in the manifest: its digest, and its type where safetensors cannot say it. */
export interface TensorRecord {
  readonly name: string;
  readonly sha256: string;
  readonly dtype?: DType | undefined;
  readonly shape?: readonly number[] | undefined;
}

/** A model: one safetensors file, its header and each of its tensors digested, so that every byte is covered. */
export interface ModelRecord {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly header: { readonly size: number; readonly sha256: string };
  readonly aliases: readonly { readonly name: string; readonly of: string }[];
  /** In the order of the file. */
  readonly tensors: readonly TensorRecord[];
}

/** Any other entry. */
export interface FileRecord {
  readonly path: string;
  readonly type: ResourceRole;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: string;
  readonly compression: 'none' | 'deflate';
  /** Of a deflated entry: the digest of its bytes as they lie in the file. */
  readonly compressed_sha256?: string | undefined;
}

/** An entry below `metadata/`: what one format has to say besides tensors. */
export interface NamespaceRecord {
  readonly namespace: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly compression: 'none' | 'deflate';
  readonly compressed_sha256?: string | undefined;
  readonly incidental?: boolean | undefined;
}

/** `manifest.json`. What a reader does not know lands in `rest` and is written back. */
export interface Manifest {
  readonly models: readonly ModelRecord[];
  readonly code: readonly FileRecord[];
  readonly resources: readonly FileRecord[];
  readonly records: readonly NamespaceRecord[];
  readonly provenance?: Json | undefined;
  /** Name, version, author, dependencies and the like, and keys of later versions. */
  readonly rest: JsonObject;
}

/** The canonical text of a manifest. */
export function formatManifest(
  { rest, models, code, resources, records, provenance }: Manifest,
  limits: Limits,
): Uint8Array {
  const value = {
    format_version: FORMAT_VERSION,
    ...rest,
    models,
    code,
    resources,
    records,
    ...(provenance === undefined ? {} : { provenance }),
  };
  return encodeJson(value as unknown as Json, MANIFEST_PATH, limits);
}

/** The keys of the manifest that are not free for descriptions. */
export const INVENTORY: readonly string[] = [
  'format_version',
  'models',
  'code',
  'resources',
  'records',
  'provenance',
];

/** A manifest from its bytes, every known field checked. */
export function parseManifest(bytes: Uint8Array, limits: Limits): Manifest {
  const value = object(parseJson(bytes, MANIFEST_PATH, limits), 'the manifest');
  const version = text(value.format_version, 'format_version');
  if (!/^1\.\d+$/.test(version)) {
    throw new TorshError(
      'unsupported',
      `This archive is of format version ${version}; this torsh reads 1.x. Update torsh.`,
      {
        path: MANIFEST_PATH,
      },
    );
  }
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !INVENTORY.includes(key)));
  return {
    models: list(value.models, 'models').map(parseModel),
    code: list(value.code, 'code').map(parseFile),
    resources: list(value.resources, 'resources').map(parseFile),
    records: list(value.records, 'records').map(parseNamespace),
    provenance: value.provenance === undefined ? undefined : object(value.provenance, 'provenance'),
    rest,
  };
}

function parseModel(value: Json, index: number): ModelRecord {
  const at = `models[${index}]`;
  const record = object(value, at);
  const header = object(record.header, `${at}.header`);
  return {
    name: text(record.name, `${at}.name`),
    path: text(record.path, `${at}.path`),
    size: count(record.size, `${at}.size`),
    header: {
      size: count(header.size, `${at}.header.size`),
      sha256: sha256(header.sha256, `${at}.header.sha256`),
    },
    aliases: list(record.aliases, `${at}.aliases`).map((each, position) => {
      const alias = object(each, `${at}.aliases[${position}]`);
      return {
        name: text(alias.name, `${at}.aliases[${position}].name`),
        of: text(alias.of, `${at}.aliases[${position}].of`),
      };
    }),
    tensors: list(record.tensors, `${at}.tensors`).map((each, position) =>
      parseTensor(each, `${at}.tensors[${position}]`),
    ),
  };
}

function parseTensor(value: Json, at: string): TensorRecord {
  const record = object(value, at);
  const tensor = {
    name: text(record.name, `${at}.name`),
    sha256: sha256(record.sha256, `${at}.sha256`),
  };
  if (record.dtype === undefined && record.shape === undefined) return tensor;
  const dtype = text(record.dtype, `${at}.dtype`);
  // Types that safetensors has are in the header of the model; a second opinion could only contradict it.
  if (!isDType(dtype) || isPhysical(dtype))
    throw wrong(`${at}.dtype`, 'a logical type that this version knows');
  const shape = list(record.shape, `${at}.shape`).map((length, axis) =>
    count(length, `${at}.shape[${axis}]`),
  );
  return { ...tensor, dtype, shape };
}

const roles: readonly string[] = [
  'program',
  'code',
  'config',
  'tokenizer',
  'document',
  'licence',
  'data',
  'other',
] satisfies ResourceRole[];

/** True for the role of a file. */
export function isFileRole(value: unknown): value is ResourceRole {
  return typeof value === 'string' && roles.includes(value);
}

function parseFile(value: Json, index: number): FileRecord {
  const record = object(value, `file ${index}`);
  const path = text(record.path, `path of file ${index}`);
  const type = text(record.type, `type of ${path}`);
  if (!isFileRole(type)) throw wrong(`the type of ${path}`, `one of ${roles.join(', ')}`);
  return {
    type,
    media_type: text(record.media_type, `media_type of ${path}`),
    ...parseEntry(record, path),
  };
}

function parseNamespace(value: Json, index: number): NamespaceRecord {
  const record = object(value, `records[${index}]`);
  const path = text(record.path, `records[${index}].path`);
  const namespace = text(record.namespace, `records[${index}].namespace`);
  return {
    namespace,
    ...parseEntry(record, path),
    ...(flag(record.incidental, `incidental of ${path}`) ? { incidental: true } : {}),
  };
}

function parseEntry(record: JsonObject, path: string) {
  const compression = record.compression;
  if (compression !== 'none' && compression !== 'deflate')
    throw wrong(`the compression of ${path}`, '"none" or "deflate"');
  return {
    path,
    size: count(record.size, `size of ${path}`),
    sha256: sha256(record.sha256, `sha256 of ${path}`),
    compression,
    ...(record.compressed_sha256 === undefined
      ? {}
      : { compressed_sha256: sha256(record.compressed_sha256, `compressed_sha256 of ${path}`) }),
  } as const;
}

function object(value: Json | undefined, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'an object');
  return value as JsonObject;
}

function list(value: Json | undefined, what: string): readonly Json[] {
  if (!Array.isArray(value)) throw wrong(what, 'a list');
  return value;
}

function text(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') throw wrong(what, 'a text');
  return value;
}

function flag(value: Json | undefined, what: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw wrong(what, 'true or false');
  return value === true;
}

function count(value: Json | undefined, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(what, 'a whole number');
  return value;
}

function sha256(value: Json | undefined, what: string): string {
  const digest = text(value, what);
  if (!/^[0-9a-f]{64}$/.test(digest)) throw wrong(what, 'a SHA-256 in lower-case hexadecimal');
  return digest;
}

function wrong(what: string, wanted: string): TorshError {
  return new TorshError('malformed', `In the manifest, ${what} is not ${wanted}.`, { path: MANIFEST_PATH });
}
