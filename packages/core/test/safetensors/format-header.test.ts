import { expect, it } from 'vitest';
import { formatHeader } from '../../src/safetensors/index.ts';

it.each([
  ['__metadata__', 'U8', [1]],
  ['\ud800', 'U8', [1]],
  ['odd', 'F4', [3]],
  ['six', 'F6_E2M3', [2]],
  ['huge', 'U8', [2 ** 52, 2]],
] as const)('%s %s [%s] cannot be held', (name, dtype, shape) => {
  expect(() => formatHeader([{ name, dtype, shape }])).toThrow(
    expect.objectContaining({ code: 'unsupported' }),
  );
});

it('metadata must be characters', () => {
  expect(() => formatHeader([], { a: '\udc00' })).toThrow(expect.objectContaining({ code: 'unsupported' }));
});

it('two tensors of one name are an error of the caller', () => {
  const tensor = { name: 'a', dtype: 'U8', shape: [1] } as const;
  expect(() => formatHeader([tensor, tensor])).toThrow(TypeError);
});

it('metadata keys are sorted, and __proto__ is a key like any other', () => {
  const metadata = JSON.parse('{"b":"2","__proto__":"p","a":"1"}') as Record<string, string>;
  const text = new TextDecoder().decode(formatHeader([], metadata).bytes.subarray(8));
  expect(text.trimEnd()).toBe('{"__metadata__":{"__proto__":"p","a":"1","b":"2"}}');
});

it('a header above 100 MB is refused, as the reference does', () => {
  const metadata = { a: 'x'.repeat(100_000_001) };
  expect(() => formatHeader([], metadata)).toThrow(expect.objectContaining({ code: 'limit' }));
});
