import { EXTERNAL } from '../schema/data-type.ts';
import type { TensorProto } from '../schema/message.ts';
import type { Checking } from './checking.ts';
import { checkExternal } from './external.ts';
import type { Place } from './place.ts';
import { countElements } from './shape.ts';
import { rawBytes, type Storage, storageOf, typeOf, VALUE_FIELDS, type ValueField } from './storage.ts';
import { countValues, integersOf, rawLength } from './values.ts';

/** Checks a tensor: its type, its shape, and that its values are where and as many as these say. */
export async function checkTensor(tensor: TensorProto, place: Place, checking: Checking): Promise<void> {
  const type = typeOf(tensor);
  const storage = type === undefined ? undefined : storageOf(type);
  const fields = VALUE_FIELDS.filter((field) => holds(tensor, field));
  const external = tensor.data_location === EXTERNAL;
  if (storage === undefined) checkNoType(tensor, external || fields.includes('raw_data'), place, checking);
  if (external) {
    if (fields.length > 0) {
      checking.found(
        'data-field',
        place,
        `The data are in another file, so ${fields.join(' and ')} must be empty.`,
      );
    }
    await checkExternal(tensor, storage, place, checking);
    return;
  }
  const elements = countElements(tensor.dims, place, checking);
  if (elements === undefined) return;
  if (elements === 0 && fields.length > 0) {
    checking.found('data-field', place, `A tensor of no elements has ${fields.join(' and ')}.`);
  } else if (elements > 0 && fields.length !== 1) {
    const has = fields.length === 0 ? 'no values' : fields.join(' and ');
    checking.found('data-field', place, `The tensor must have its values in one field and has ${has}.`);
  } else if (elements > 0 && storage !== undefined) {
    await checkSize(tensor, fields[0]!, storage, elements, place, checking);
  }
}

/** The checker does not look at bytes of a type that it has never heard of. */
function checkNoType({ data_type }: TensorProto, asBytes: boolean, place: Place, checking: Checking): void {
  if (data_type === undefined || data_type === 0) {
    checking.found('data-type', place, 'The tensor has no element type.');
  } else {
    checking.found(asBytes ? 'runtime-data-type' : 'data-type', place, `${data_type} is no element type.`);
  }
}

function holds(tensor: TensorProto, field: ValueField): boolean {
  const payloads = tensor[field];
  if (field === 'raw_data') return rawLength(payloads) > 0;
  return payloads.some(({ packed, length }) => !packed || length > 0);
}

async function checkSize(
  tensor: TensorProto,
  field: ValueField,
  storage: Storage,
  elements: number,
  place: Place,
  checking: Checking,
): Promise<void> {
  if (field === 'raw_data') {
    if (storage.bits === undefined) {
      checking.found('data-field', place, 'Strings must be in string_data, not in raw_data.');
      return;
    }
    await checkRaw(tensor, elements, storage.bits, place, checking);
    return;
  }
  if (field !== storage.field) {
    checking.found(
      'data-field',
      place,
      `The values must be in ${storage.field} or raw_data, not in ${field}.`,
    );
    return;
  }
  const least = Math.ceil(elements / storage.elements);
  // The checker counts on entries that are full, the runtime on entries of one byte, as the schema says.
  const exact = storage.elements > 1 ? rawBytes(elements, storage.bits!) : least;
  const values = await countValues(field, tensor[field], checking.source, checking.signal);
  const message = `${field} has ${values} values; the shape needs ${values < least ? least : exact}.`;
  if (values < least) checking.found('data-size', place, message);
  else if (values !== exact) checking.found('runtime-data-size', place, message);
  if (storage.bits === 6) await checkSixBits(tensor, place, checking);
}

async function checkRaw(
  tensor: TensorProto,
  elements: number,
  bits: number,
  place: Place,
  checking: Checking,
): Promise<void> {
  const needed = rawBytes(elements, bits);
  const length = rawLength(tensor.raw_data);
  if (length < needed) {
    checking.found('data-size', place, `raw_data has ${length} bytes; the shape needs ${needed}.`);
  } else if (length > needed) {
    checking.found(
      'runtime-data-size',
      place,
      `raw_data has ${length} bytes; the shape needs only ${needed}.`,
    );
  }
  const used = (elements * bits) % 8;
  if (bits !== 6 || used === 0 || length < needed) return;
  const { offset } = tensor.raw_data.at(-1)!;
  const [last] = await checking.source.read(offset + needed - 1, 1, { signal: checking.signal });
  if (last! >> used !== 0) {
    checking.found('data-padding', place, 'Bits behind the last value of raw_data are not zero.');
  }
}

async function checkSixBits(
  { int32_data: values }: TensorProto,
  place: Place,
  checking: Checking,
): Promise<void> {
  for await (const block of integersOf('int32_data', values, checking.source, checking.signal)) {
    const wrong = block.find((value) => value < 0 || value > 0x3f);
    if (wrong === undefined) continue;
    checking.found('data-padding', place, `${wrong} in int32_data is more than six bits.`);
    return;
  }
}
