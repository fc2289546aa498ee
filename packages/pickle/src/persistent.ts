import type { PickleValue } from './value.ts';

/** What a persistent id becomes: what `resolve` makes of it, or else the id itself. */
export function persistent(
  id: PickleValue,
  resolve: ((id: PickleValue) => PickleValue | undefined) | undefined,
): PickleValue {
  const value = resolve?.(id);
  return value === undefined ? { kind: 'persistent', id } : value;
}
