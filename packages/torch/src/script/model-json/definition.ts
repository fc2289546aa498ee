import { decodeUtf8, type Limits, locateError, TorshError } from '@torsh/bytes';
import { type JsonScanner, scanJson } from '@torsh/core';
import { float, integer, list, message, truth } from './proto.ts';
import { typeName } from './types.ts';

/** A tensor of the table: a strided look at a record. */
export interface TensorDef {
  readonly dims: readonly number[];
  readonly offset: number;
  readonly strides: readonly number[];
  readonly requiresGrad: boolean;
  /** caffe2's name of the element type. */
  readonly dataType: string;
  /** The record with the bytes. */
  readonly key: string;
  readonly device: string;
  /** How the numbers of a quantised tensor are meant. */
  readonly quantised?: { readonly scale: number; readonly zeroPoint: number };
}

export interface ParameterDef {
  readonly name: string;
  readonly isBuffer: boolean;
  readonly tensorId: number;
}

export interface AttributeDef {
  readonly name: string;
  readonly type: string;
  /** Which value of `attributes.pkl`; negative where the attribute has none. */
  readonly id: number;
}

export interface ModuleDef {
  readonly name: string;
  readonly parameters: readonly ParameterDef[];
  readonly attributes: readonly AttributeDef[];
  readonly submodules: readonly ModuleDef[];
  /** Which value of `attributes.pkl` the module was to be restored from by its own code; negative where there is none. */
  readonly stateId: number;
}

/** What `model.json` says: protobuf's JSON of a `ModelDef`. */
export interface ModelDef {
  readonly protoVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly mainModule: ModuleDef;
  readonly tensors: readonly TensorDef[];
}

/** Reads the text of `model.json`; what is wrong with it is wrong at `path`. */
export function parseModel(bytes: Uint8Array, path: string, limits: Limits): ModelDef {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new TorshError('malformed', `${path} is not text in UTF-8.`, { path });
  const json = scanJson(text, { what: path, depth: limits.depth, base: 0 });
  try {
    const found = modelOf(json, limits);
    json.end();
    return found;
  } catch (error) {
    throw locateError(error, { path });
  }
}

function modelOf(json: JsonScanner, limits: Limits): ModelDef {
  let mainModule: ModuleDef | undefined;
  let tensors: TensorDef[] = [];
  let protoVersion = 0;
  let producerName = '';
  let producerVersion = '';
  message(json, {
    protoVersion: () => (protoVersion = integer(json)),
    producerName: () => (producerName = json.string()),
    producerVersion: () => (producerVersion = json.string()),
    mainModule: () => (mainModule = moduleOf(json, limits)),
    tensors: () => (tensors = list(json, limits, () => tensorOf(json, limits))),
  });
  if (mainModule === undefined) return json.fail('There is no mainModule: the model itself is missing.');
  return { protoVersion, producerName, producerVersion, mainModule, tensors };
}

function moduleOf(json: JsonScanner, limits: Limits): ModuleDef {
  let name = '';
  let parameters: ParameterDef[] = [];
  let attributes: AttributeDef[] = [];
  let submodules: ModuleDef[] = [];
  let stateId = -1;
  message(json, {
    name: () => (name = json.string()),
    parameters: () => (parameters = list(json, limits, () => parameterOf(json))),
    attributes: () => (attributes = list(json, limits, () => attributeOf(json))),
    submodules: () => (submodules = list(json, limits, () => moduleOf(json, limits))),
    getStateAttributeId: () => (stateId = integer(json)),
  });
  return { name, parameters, attributes, submodules, stateId };
}

function parameterOf(json: JsonScanner): ParameterDef {
  let name = '';
  let isBuffer = false;
  let tensorId = 0;
  message(json, {
    name: () => (name = json.string()),
    isBuffer: () => (isBuffer = truth(json)),
    tensorId: () => (tensorId = integer(json)),
  });
  return { name, isBuffer, tensorId };
}

function attributeOf(json: JsonScanner): AttributeDef {
  let name = '';
  let type = '';
  let id = 0;
  message(json, {
    name: () => (name = json.string()),
    type: () => (type = json.string()),
    id: () => (id = integer(json)),
  });
  return { name, type, id };
}

function tensorOf(json: JsonScanner, limits: Limits): TensorDef {
  let dims: number[] = [];
  let strides: number[] = [];
  let offset = 0;
  let requiresGrad = false;
  let dataType = 'UNDEFINED';
  let key: string | undefined;
  let device = 'cpu';
  let isQuantized = false;
  let scale = 0;
  let zeroPoint = 0;
  const numbers = () => list(json, limits, () => integer(json), 'dimensions');
  message(json, {
    dims: () => (dims = numbers()),
    strides: () => (strides = numbers()),
    offset: () => (offset = integer(json)),
    requiresGrad: () => (requiresGrad = truth(json)),
    dataType: () => (dataType = typeName(json)),
    data: () => message(json, { key: () => (key = json.string()) }),
    device: () => (device = json.string()),
    isQuantized: () => (isQuantized = truth(json)),
    scale: () => (scale = float(json)),
    zeroPoint: () => (zeroPoint = integer(json)),
  });
  if (key === undefined) return json.fail('A tensor does not say which record has its bytes.');
  const quantised = isQuantized ? { quantised: { scale, zeroPoint } } : {};
  return { dims, offset, strides, requiresGrad, dataType, key, device, ...quantised };
}
