import { TorshError } from '@torsh/bytes';
import { isKind, type Pickle, type PickleValue, type PyDict } from '@torsh/pickle';
import type { Known } from '../object/report.ts';
import type { OpenedObject } from '../open-object.ts';
import { type Opening, openPart, readRecord } from './opening.ts';

/** The model of the tensors that the code speaks of. */
export const CONSTANTS = 'constants';

/** The constants of the code: what it calls `CONSTANTS.c0` is `c0` here. `undefined` where there are none. */
export async function openConstants(opening: Opening, known: Known): Promise<OpenedObject | undefined> {
  const path = 'constants.pkl';
  const pickle = await readRecord(path, opening);
  if (!isKind(pickle.value, 'tuple')) {
    throw new TorshError(
      'malformed',
      'The constants of a TorchScript module are a tuple, and these are not.',
      {
        path,
      },
    );
  }
  const { items } = pickle.value;
  if (items.length === 0) return undefined;
  return openPart(named(pickle, items), path, opening, { folder: CONSTANTS, name: CONSTANTS, known });
}

function named(pickle: Pickle, items: readonly PickleValue[]): Pickle {
  const value: PyDict = { kind: 'dict', keys: items.map((_, index) => `c${index}`), values: [...items] };
  return { ...pickle, value };
}
