import { expect, test } from 'vitest';
import * as formats from '../src/index.ts';

const all = formats.allFormats();

test('the public names', () => {
  expect(Object.keys(formats)).toEqual(['allFormats']);
});

test('every format has an id of its own, a title, and something to do', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, title, reader, writer } of all) {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title).not.toBe('');
    expect(reader ?? writer).toBeDefined();
  }
});

test('endings tell formats apart', () => {
  const suffixes = all.flatMap(({ writer }) => writer?.suffix ?? []);
  expect(new Set(suffixes).size).toBe(suffixes.length);
  for (const suffix of suffixes) expect(suffix).toMatch(/^\.[a-z0-9.]+$/);
});

test('what is refined is in the list', () => {
  const ids = all.map(({ id }) => id);
  for (const { refines } of all) if (refines !== undefined) expect(ids).toContain(refines);
});

test('shards are a folder', () => {
  const trees = (list: typeof all) =>
    list.filter(({ writer }) => writer?.layout === 'tree').map(({ id }) => id);
  expect(trees(all)).toEqual(['torch-sharded']);
  expect(trees(formats.allFormats({ maxShardBytes: 1000 }))).toEqual(['safetensors', 'torch-sharded']);
});
