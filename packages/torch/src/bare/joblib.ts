import { type Limits, TorshError } from '@torsh/bytes';
import { elementsOf } from '@torsh/core';
import {
  type Built,
  type InterpretOptions,
  interpret,
  isKind,
  type Pickle,
  type PickleValue,
  type PyGlobal,
  type PyObject,
  textEntries,
} from '@torsh/pickle';
import { callOf, integers } from '../object/arguments.ts';
import { numpyTypeOf } from '../object/numpy-dtype.ts';

/** The arrays of a file of joblib, which lie in its pickle but are no part of it. */
export interface Joblib {
  /** For `interpret`: puts each array in the place of what announces it. */
  built(value: PickleValue, end: number): Built | undefined;
  /** Pickles that lie between the opcodes: arrays of Python objects. */
  readonly pickles: readonly Pickle[];
}

const WRAPPER = 'joblib.numpy_pickle.NumpyArrayWrapper';

/**
 * `joblib.dump` writes an object that describes an array (class, shape, order, dtype) and behind its last opcode the array
 * itself: bytes that align it, where it says that there are some, and its elements; or, for objects, another pickle.
 */
export function joblib(
  bytes: Uint8Array,
  limits: Limits,
  lent: Pick<InterpretOptions, 'called'> = {},
): Joblib {
  const pickles: Pickle[] = [];
  const built = (value: PickleValue, end: number): Built | undefined => {
    if (callOf(value) !== WRAPPER || !isKind(value, 'object')) return undefined;
    const said = textEntries(value.states[0] ?? null);
    const type = numpyTypeOf(said?.get('dtype'));
    if (said === undefined || type === undefined)
      throw malformed('An array of joblib does not say of which type it is', end);
    if (type.itemBytes === undefined) {
      const pickle = interpret(bytes, limits, { ...lent, offset: end });
      pickles.push(pickle);
      return { value: pickle.value, end: pickle.end };
    }
    const shape = integers(said.get('shape'), 'The shape of an array of joblib', limits);
    const length = elementsOf(shape) * type.itemBytes;
    const padded = (said.get('numpy_array_alignment_bytes') ?? null) !== null;
    const start = end + (padded ? 1 + (bytes[end] ?? 0) : 0);
    if (!(length >= 0 && start + length <= bytes.length)) {
      const message = `The file ends in an array: it needs ${length} bytes from byte ${start} on, and the file has ${bytes.length}.`;
      throw new TorshError('truncated', message, { offset: end });
    }
    const content = bytes.subarray(start, start + length);
    return { value: arrayValue(said, content), end: start + length };
  };
  return { built, pickles };
}

/** The array as numpy itself would have pickled it. */
function arrayValue(said: ReadonlyMap<string, PickleValue>, content: Uint8Array): PyObject {
  const ndarray: PyGlobal = { kind: 'global', module: 'numpy', name: 'ndarray' };
  const shape = said.get('shape')!;
  const state = [1, shape, said.get('dtype')!, said.get('order') === 'F', content];
  const none: PickleValue[] = [];
  return {
    kind: 'object',
    how: 'reduce',
    callee: { kind: 'global', module: 'numpy.core.multiarray', name: '_reconstruct' },
    args: { kind: 'tuple', items: [said.get('subclass') ?? ndarray, { kind: 'tuple', items: [0] }, 'b'] },
    states: [{ kind: 'tuple', items: state }],
    items: none,
    keys: none,
    values: none,
  };
}

function malformed(what: string, offset: number): TorshError {
  return new TorshError('malformed', `${what} (byte ${offset}).`, { offset });
}
