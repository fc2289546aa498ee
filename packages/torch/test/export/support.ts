import { digest, isTorshError, type Limits, webPlatform } from '@torsh/bytes';
import { tensorsOf } from '@torsh/core';
import { torchExport } from '../../src/index.ts';
import { type Opened, open, type Records, zipped } from '../support.ts';

/** What a config says of a tensor of four floats that fills its record, unless told otherwise. */
const meta = (changed: object = {}): object => ({
  dtype: 7,
  sizes: [{ as_int: 4 }],
  requires_grad: true,
  device: { type: 'cpu', index: null },
  strides: [{ as_int: 1 }],
  storage_offset: { as_int: 0 },
  layout: 7,
  ...changed,
});

/** One weight of a config. */
export const payload = (changed: object = {}, changedMeta: object = {}): object => ({
  path_name: 'weight_0',
  is_param: true,
  use_pickle: false,
  tensor_meta: meta(changedMeta),
  ...changed,
});

/** The text of a config of these weights. */
export const config = (weights: object): string => JSON.stringify({ config: weights });

/** The program of a model with one parameter `w`. */
export const PROGRAM = JSON.stringify({
  graph_module: {
    signature: { input_specs: [{ parameter: { arg: { name: 'p_w' }, parameter_name: 'w' } }] },
  },
  schema_version: { major: 8, minor: 20 },
});

/** An archive with the one weight `w`. */
export const GOOD: Records = {
  'data/weights/weight_0': new Uint8Array(16),
  'data/weights/model_weights_config.json': config({ w: payload() }),
  'data/constants/model_constants_config.json': config({}),
  'models/model.json': PROGRAM,
  archive_format: 'pt2',
  archive_version: '0',
  '.data/version': '6\n',
  byteorder: 'little',
};

/** The records as a file in PyTorch's container. */
export function archiveOf(records: Records): Promise<Uint8Array> {
  return zipped(Object.fromEntries(Object.entries(records).map(([name, bytes]) => [`m/${name}`, bytes])));
}

/** Opens a file and reads all of it. */
export async function openExport(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Opened> {
  const opened = await open(bytes, limits, torchExport());
  const sources = Array.from(tensorsOf(opened.archive), ([, { data }]) => data);
  await digest(sources, { platform: webPlatform });
  return opened;
}

/** `code path`, or `taken`; anything but a `TorshError` fails the test. */
export async function outcome(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  try {
    await openExport(bytes, limits);
    return 'taken';
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return error.path === undefined ? error.code : `${error.code} ${error.path}`;
  }
}
