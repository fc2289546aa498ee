import { expect, test } from 'vitest';
import { nearest } from '../src/usage.ts';

const words = ['convert', 'inspect', 'verify', 'formats', 'completion', 'torch-save'];

test.each([
  ['convrt', 'convert'],
  ['covnert', 'convert'],
  ['INSPECT', 'inspect'],
  ['verfiy', 'verify'],
  ['format', 'formats'],
  ['comp', 'completion'],
  ['torch', 'torch-save'],
  ['xyzzy', undefined],
  ['', undefined],
])('%s is near to %s', (word, near) => {
  expect(nearest(word, words)).toBe(near);
});

test('long words do not take long', () => {
  expect(nearest('x'.repeat(100_000), words)).toBeUndefined();
});
