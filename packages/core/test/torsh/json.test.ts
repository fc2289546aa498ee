import { withLimits } from '@torsh/bytes';
import { expect, it } from 'vitest';
import type { Json } from '../../src/index.ts';
import { encodeJson, formatJson, isCanonicalJson, parseJson } from '../../src/torsh/json.ts';

it.each([
  [null, 'null\n'],
  ['é"\u0007', '"é\\"\\u0007"\n'],
  [[], '[]\n'],
  [{}, '{}\n'],
  [[1, 2], '[1, 2]\n'],
  [['a', 1, [2, 3]], '["a", 1, [2, 3]]\n'],
  [{ a: 1, shape: [2, 2] }, '{ "a": 1, "shape": [2, 2] }\n'],
  [{ a: { b: 1 }, c: [] }, '{\n  "a": { "b": 1 },\n  "c": []\n}\n'],
  [[{ a: 1 }, [['x']]], '[\n  { "a": 1 },\n  [\n    ["x"]\n  ]\n]\n'],
  [{ empty: {} }, '{\n  "empty": {}\n}\n'],
] as const)('%j has one text', (value, text) => {
  expect(formatJson(value as Json, text.length)).toBe(text);
  expect(formatJson(value as Json, text.length - 1)).toBeUndefined();
  expect(JSON.parse(text)).toEqual(value);
});

it('makes no text that a reader would refuse, and does not run out of memory to find out', () => {
  let deep: Json = Array.from({ length: 1_000_000 }, () => [[]]);
  for (let level = 0; level < 900; level++) deep = [deep, {}];
  const encode = () => encodeJson(deep, 'metadata/p.json', withLimits({ headerBytes: 1_000_000 }));
  expect(encode).toThrow(expect.objectContaining({ code: 'limit', path: 'metadata/p.json' }));
});

it('leaves out what is not there', () => {
  expect(formatJson({ a: undefined, b: 1 } as unknown as Json, 100)).toBe('{ "b": 1 }\n');
});

const parse = (text: string, depth = 10) =>
  parseJson(new TextEncoder().encode(text), 'p', withLimits({ depth }));

it('refuses what JSON allows and readers disagree on', () => {
  expect(parse('[[1], {"a": {}}]')).toEqual([[1], { a: {} }]);
  expect(() => parse('{"a": 1, "b": 2, "a": 3}')).toThrow(
    expect.objectContaining({ code: 'malformed', path: 'p', offset: 17 }),
  );
  expect(() => parse('[[[1]]]', 2)).toThrow(expect.objectContaining({ code: 'limit', path: 'p' }));
  expect(parse('[[1]]', 2)).toEqual([[1]]);
  expect(() => parse('[1] 2')).toThrow(expect.objectContaining({ code: 'malformed', path: 'p' }));
});

it('knows its own form', () => {
  const canonical = (text: string) => isCanonicalJson(new TextEncoder().encode(text));
  expect(canonical('{ "a": [1, 2] }\n')).toBe(true);
  for (const text of ['{ "a": [1, 2] }', '{"a": [1, 2]}\n', '{ "a": [1, 2.0] }\n']) {
    expect(canonical(text), text).toBe(false);
  }
});
