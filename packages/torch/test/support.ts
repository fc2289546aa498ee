import {
  type ByteSource,
  defaultLimits,
  digest,
  fromBytes,
  fromFiles,
  isTorshError,
  type Limits,
  type TorshError,
  toBytes,
  webPlatform,
  withLimits,
} from '@torsh/bytes';
import {
  type Archive,
  createContext,
  describe as describeArchive,
  type Issue,
  type JsonObject,
  type Model,
  tensorsOf,
} from '@torsh/core';
import {
  assemble,
  type PickleValue,
  type PyDict,
  type PyGlobal,
  type PyList,
  type PyObject,
  type PyPersistent,
  type PyTuple,
} from '@torsh/pickle';
import { zipSink } from '@torsh/zip';
import { torchSave } from '../src/index.ts';

// Python values ----------------------------------------------------------------------------------------------------

export const global = (module: string, name: string): PyGlobal => ({ kind: 'global', module, name });
export const tuple = (...items: readonly PickleValue[]): PyTuple => ({ kind: 'tuple', items });
export const list = (...items: PickleValue[]): PyList => ({ kind: 'list', items });
export const dict = (...entries: readonly (readonly [PickleValue, PickleValue])[]): PyDict => ({
  kind: 'dict',
  keys: entries.map(([key]) => key),
  values: entries.map(([, value]) => value),
});

/** The result of calling something; `rest` is what was put into it. */
export function call(
  callee: PickleValue,
  args: readonly PickleValue[] = [],
  rest: Partial<PyObject> = {},
): PyObject {
  const empty = { states: [], items: [], keys: [], values: [] };
  return { kind: 'object', how: 'reduce', callee, args: tuple(...args), ...empty, ...rest };
}

export const ordered = (...entries: readonly (readonly [PickleValue, PickleValue])[]): PyObject =>
  call(global('collections', 'OrderedDict'), [], {
    keys: entries.map(([key]) => key),
    values: entries.map(([, value]) => value),
  });

// What torch writes --------------------------------------------------------------------------------------------------

/** The persistent id of a storage; four floats under the key 0 unless told otherwise. */
export function storage(
  { type = 'FloatStorage', key = '0', location = 'cpu', numel = 4 }: Partial<StorageId> = {},
  module = 'torch',
): PyPersistent {
  const named = typeof type === 'string' ? global(module, type) : type;
  return { kind: 'persistent', id: tuple('storage', named, key, location, numel) };
}

export interface StorageId {
  readonly type: PickleValue;
  readonly key: PickleValue;
  readonly location: PickleValue;
  readonly numel: PickleValue;
}

export interface TensorArguments {
  readonly storage: PickleValue;
  readonly offset: PickleValue;
  readonly size: PickleValue;
  readonly stride: PickleValue;
  readonly metadata: PickleValue;
}

/** A tensor as `_rebuild_tensor_v2` makes it: all of a storage of four floats unless told otherwise. */
export function tensor(args: Partial<TensorArguments> = {}): PyObject {
  const { storage: on = storage(), offset = 0, size = tuple(4), stride = tuple(1), metadata } = args;
  const fixed = [on, offset, size, stride, false, ordered()];
  return call(utils('_rebuild_tensor_v2'), metadata === undefined ? fixed : [...fixed, metadata]);
}

export const utils = (name: string): PyGlobal => global('torch._utils', name);

// Files --------------------------------------------------------------------------------------------------------------

export type Records = Readonly<Record<string, Uint8Array | string>>;

/** The records of every checkpoint that `file` makes unless told otherwise: one storage of four floats. */
export const FOUR_FLOATS: Records = { 'data/0': new Uint8Array(16) };

/** A checkpoint of a value, or of a pickle that is there already. */
export async function file(
  top: PickleValue | { readonly pickle: Uint8Array },
  records: Records = FOUR_FLOATS,
): Promise<Uint8Array> {
  const isPickle = typeof top === 'object' && top !== null && 'pickle' in top;
  const pickle = isPickle ? top.pickle : assemble(top);
  return zipped({ 'archive/data.pkl': pickle, ...prefixed(records), 'archive/version': '3\n' });
}

function prefixed(records: Records): Records {
  return Object.fromEntries(Object.entries(records).map(([name, bytes]) => [`archive/${name}`, bytes]));
}

/** A ZIP of these entries, in their order. */
export async function zipped(entries: Records): Promise<Uint8Array> {
  const sink = toBytes();
  const zip = zipSink(sink, { platform: webPlatform });
  for (const [path, content] of Object.entries(entries)) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const entry = await zip.create(path, { size: bytes.length });
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

// Opening ------------------------------------------------------------------------------------------------------------

export interface Opened {
  readonly archive: Archive;
  readonly model: Model;
  /** What is kept of the object besides its tensors. */
  readonly torch: JsonObject;
  readonly issues: readonly Issue[];
}

/** Opens, and describes as `inspect --json` does, so that the structure is known to be printable. */
export async function open(
  bytes: Uint8Array | ByteSource,
  limits: Partial<Limits> = {},
  format = torchSave(),
): Promise<Opened> {
  const issues: Issue[] = [];
  const context = createContext({
    formats: [format],
    platform: webPlatform,
    limits: Object.keys(limits).length === 0 ? defaultLimits : withLimits(limits),
    report: (issue) => void issues.push(issue),
  });
  const source = bytes instanceof Uint8Array ? fromBytes(bytes) : bytes;
  const archive = await format.reader!.open(
    { files: fromFiles(new Map([['x.pt', source]])), entry: 'x.pt' },
    context,
  );
  JSON.stringify(await describeArchive(archive, issues, context));
  return {
    archive,
    model: archive.models.get('model')!,
    torch: archive.metadata.torch as JsonObject,
    issues,
  };
}

/** Opens and reads every tensor. */
export async function openAndRead(
  bytes: Uint8Array,
  limits: Partial<Limits> = {},
  format = torchSave(),
): Promise<Opened> {
  const opened = await open(bytes, limits, format);
  const sources = Array.from(tensorsOf(opened.archive), ([, { data }]) => data);
  await digest(sources, { platform: webPlatform });
  return opened;
}

/** The error of opening or reading; anything but a `TorshError` fails the test, and so does success. */
export async function refusal(
  bytes: Uint8Array,
  limits: Partial<Limits> = {},
  format = torchSave(),
): Promise<TorshError> {
  try {
    await openAndRead(bytes, limits, format);
  } catch (error) {
    if (isTorshError(error)) return error;
    throw error;
  }
  throw new Error('The file was taken, and should have been refused.');
}

/** `code path`, which is what tables of attacks list. */
export async function refused(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  const { code, path } = await refusal(bytes, limits);
  return path === undefined ? code : `${code} ${path}`;
}
