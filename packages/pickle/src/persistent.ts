import { locateError } from '@torsh/bytes';
import type { PickleValue } from './value.ts';

/** What a persistent id becomes: what `resolve` makes of it, or else the id itself. */
export function persistent(
  id: PickleValue,
  offset: number,
  resolve: ((id: PickleValue, offset: number) => PickleValue | undefined) | undefined,
): PickleValue {
  const value = resolve === undefined ? undefined : resolved(id, offset, resolve);
  return value === undefined ? { kind: 'persistent', id } : value;
}

function resolved(
  id: PickleValue,
  offset: number,
  resolve: (id: PickleValue, offset: number) => PickleValue | undefined,
): PickleValue | undefined {
  try {
    return resolve(id, offset);
  } catch (error) {
    throw locateError(error, { offset });
  }
}
