import { EXTERNAL } from '../schema/data-type.ts';
import type { SparseTensorProto, TensorProto } from '../schema/message.ts';
import type { Checking } from './checking.ts';
import { inside, type Place } from './place.ts';
import { countElements } from './shape.ts';
import { typeOf, type ValueField } from './storage.ts';
import { checkTensor } from './tensor.ts';
import { countValues, integersOf, rawLength } from './values.ts';

/** Checks a sparse tensor: its values, its shape, and every index. */
export async function checkSparse(
  sparse: SparseTensorProto,
  place: Place,
  checking: Checking,
): Promise<void> {
  const { values, indices, dims } = sparse;
  if (values === undefined) {
    checking.found('sparse-values', place, 'The sparse tensor has no values.');
    return;
  }
  await checkTensor(values, inside(place, 'values', undefined, values.name), checking);
  const count = values.dims[0];
  if (count === undefined || values.dims.length !== 1) {
    checking.found(
      'sparse-values',
      place,
      `The values have ${values.dims.length} dimensions instead of one.`,
    );
    return;
  }
  if (dims.length === 0 || dims.some((dim) => dim <= 0)) {
    checking.found(
      'sparse-shape',
      place,
      `The shape [${dims.join(', ')}] must have dimensions, all above 0.`,
    );
    return;
  }
  if (indices !== undefined) {
    await checkIndices(indices, dims, count, inside(place, 'indices', undefined, indices.name), checking);
  } else if (count !== 0) {
    checking.found('sparse-indices', place, `There are ${count} values and no indices.`);
  }
}

async function checkIndices(
  indices: TensorProto,
  dims: readonly number[],
  count: number,
  place: Place,
  checking: Checking,
): Promise<void> {
  await checkTensor(indices, place, checking);
  const field = await readable(indices, dims, count, place, checking);
  if (field === undefined) return;
  const { source, signal } = checking;
  const bounds = indices.dims.length === 1 ? [countElements(dims, place, checking) ?? 0] : dims;
  const before: number[] = bounds.map(() => -1);
  let position = 0;
  // The runs of a field have any length, so an index of several numbers may be split between blocks.
  let [ascends, all] = [false, count * bounds.length];
  for await (const block of integersOf(field, indices[field], source, signal)) {
    for (const index of block) {
      if (position === all) return;
      const axis = position % bounds.length;
      if (axis === 0) ascends = false;
      const flaw = flawOf(index, bounds[axis]!, ascends ? -1 : before[axis]!, axis === bounds.length - 1);
      if (flaw !== undefined) {
        const which = Math.floor(position / bounds.length);
        checking.found('sparse-indices', place, `Index ${which} of ${count} ${flaw}.`);
        return;
      }
      ascends ||= index > before[axis]!;
      before[axis] = index;
      position++;
    }
  }
}

/** The field in which the indices lie, if there are as many as there should be. */
async function readable(
  indices: TensorProto,
  dims: readonly number[],
  count: number,
  place: Place,
  checking: Checking,
): Promise<ValueField | undefined> {
  const wrong = (message: string): undefined => {
    checking.found('sparse-indices', place, message);
  };
  if (typeOf(indices) !== 'INT64') return wrong('The indices must be INT64.');
  if (indices.data_location === EXTERNAL) return wrong('The indices must be inside of the model file.');
  const linear = indices.dims.length === 1;
  if (!linear && indices.dims.length !== 2) return wrong('The indices must have one or two dimensions.');
  if (indices.dims[0] !== count) return wrong(`There are ${indices.dims[0]} indices for ${count} values.`);
  if (!linear && indices.dims[1] !== dims.length) {
    return wrong(`An index has ${indices.dims[1]} numbers for a shape of ${dims.length}.`);
  }
  const numbers = linear ? count : count * dims.length;
  const { source, signal } = checking;
  const raw = rawLength(indices.raw_data);
  if (raw > 0) return raw >= numbers * 8 ? 'raw_data' : undefined;
  const values = await countValues('int64_data', indices.int64_data, source, signal);
  return values === numbers ? 'int64_data' : wrong(`int64_data has ${values} values instead of ${numbers}.`);
}

function flawOf(index: number, bound: number, before: number, last: boolean): string | undefined {
  if (index < 0 || index >= bound) return `is out of range: ${index} of ${bound}`;
  if (index < before || (last && index === before)) return 'does not come behind the one before it';
  return undefined;
}
