import { type ByteSource, fromBytes } from '@torsh/bytes';
import { type Archive, type Model, model, type Tensor } from '../archive.ts';
import { bitsOf, bytesOf, type DType, isDType, storedAs } from '../dtype.ts';
import { RequestError } from '../request.ts';
import { tensorFlaw } from '../safetensors/index.ts';

/** Numbers in memory. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A tensor from numbers or from bytes. The numbers are lent, not copied: leave them alone until they are written. */
export interface TensorInput {
  /** The type of the array where absent; a source has none. */
  readonly dtype?: DType | undefined;
  /** One dimension where absent. */
  readonly shape?: readonly number[] | undefined;
  readonly data: TypedArray | ByteSource;
}

/** Tensors by name. */
export type TensorInputs = { readonly [name: string]: TensorInput | TypedArray };

/** A model of another archive, an archive that has one, or tensors by name. */
export type ModelInput = Model | Archive | TensorInputs | ReadonlyMap<string, TensorInput | TypedArray>;

const DTYPES: Readonly<Record<string, DType>> = {
  Int8Array: 'I8',
  Uint8Array: 'U8',
  Int16Array: 'I16',
  Uint16Array: 'U16',
  Int32Array: 'I32',
  Uint32Array: 'U32',
  Float16Array: 'F16',
  Float32Array: 'F32',
  Float64Array: 'F64',
  BigInt64Array: 'I64',
  BigUint64Array: 'U64',
};

/** A model under a name, from whatever it is given as. */
export function modelFrom(name: string, input: ModelInput): Model {
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input))
    throw new RequestError(`The model ${name} is no model, archive, or object of tensors by name.`);
  if (isArchive(input)) return { ...onlyModel(input), name };
  if (isModel(input)) return { ...input, name };
  const entries = input instanceof Map ? input : Object.entries(input as TensorInputs);
  return model(
    Array.from(entries, ([each, tensor]) => tensorFrom(each, tensor)),
    { name },
  );
}

function isArchive(input: ModelInput): input is Archive {
  return 'models' in input && input.models instanceof Map;
}

function isModel(input: ModelInput): input is Model {
  return 'tensors' in input && input.tensors instanceof Map;
}

/** The model of an archive that has one; of several, none is chosen in silence. */
function onlyModel({ models }: Archive): Model {
  const [first, ...others] = models.values();
  if (first !== undefined && others.length === 0) return first;
  throw new RequestError(
    first === undefined
      ? 'There is no model in this archive.'
      : `There are ${models.size} models in this archive (${[...models.keys()].join(', ')}); add them one by one.`,
  );
}

function tensorFrom(name: string, input: TensorInput | TypedArray): Tensor {
  const {
    data,
    dtype: wished,
    shape: given,
  }: TensorInput = ArrayBuffer.isView(input) ? { data: input } : input;
  const own = ArrayBuffer.isView(data) ? DTYPES[data[Symbol.toStringTag]] : undefined;
  const dtype = wished ?? own;
  const fail = (flaw: string) => new RequestError(`The tensor ${JSON.stringify(name)} ${flaw}.`);
  if (dtype === undefined) throw fail('has no type; say which, such as dtype: "F32"');
  if (!isDType(dtype)) throw fail(`has the type ${JSON.stringify(dtype)}, which there is not`);
  if (own !== undefined && own !== dtype && own !== 'U8' && bitsOf(own) !== bitsOf(dtype))
    throw fail(`is ${dtype} and its numbers are ${own}`);
  const source = ArrayBuffer.isView(data) ? fromBytes(bytesIn(data)) : data;
  const shape = given ?? [Math.floor((source.size * 8) / bitsOf(dtype))];
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw fail(`has a shape of other than whole numbers: [${shape.join(', ')}]`);
  const flaw = tensorFlaw({ name, ...storedAs(dtype, shape) });
  if (flaw !== undefined) throw fail(flaw);
  const wanted = bytesOf(dtype, shape);
  if (wanted !== source.size)
    throw fail(`of ${dtype} [${shape.join(', ')}] needs ${wanted} bytes and has ${source.size}`);
  return { name, dtype, shape, data: source };
}

const LITTLE: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The bytes of numbers as they lie in memory, which must be the order of the format. */
function bytesIn(array: TypedArray): Uint8Array {
  if (!LITTLE && array.BYTES_PER_ELEMENT > 1)
    throw new TypeError('numbers lie in the other byte order on this machine; give bytes, little-endian');
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
