import { expect, it } from 'vitest';
import { defaultLimits, limits, withLimits } from '../src/index.ts';

it.each(Object.entries(limits))('%s has a default, a reason and an attack that it stops', (name, limit) => {
  expect(limit.default).toBeGreaterThan(0);
  expect(Number.isSafeInteger(limit.default)).toBe(true);
  expect(limit.reason.length).toBeGreaterThan(20);
  expect(limit.stops.length).toBeGreaterThan(20);
  expect(defaultLimits).toHaveProperty(name, limit.default);
});

it('replaces some and keeps the others', () => {
  expect(withLimits({ depth: 3 })).toEqual({ ...defaultLimits, depth: 3 });
  expect(Object.keys(defaultLimits)).toEqual(Object.keys(limits));
});
