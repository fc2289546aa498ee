import { describe, expect, it } from 'vitest';
import { checkPath, fromBytes, fromFiles, pathFlaw, portablePathFlaw, TorshError } from '../src/index.ts';

describe('paths', () => {
  it.each(['a', 'a/b.c', 'größe/λ', '.hidden', '...', 'a..b', ' a', 'a b/ c'])('%j is fine', (path) => {
    expect(pathFlaw(path)).toBeUndefined();
    expect(() => checkPath(path)).not.toThrow();
  });

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/..',
    '../a',
    'a/./b',
    'a\\b',
    'a\0b',
    'a\nb',
    'a\u007f',
  ])('%j could leave its root', (path) => {
    expect(pathFlaw(path)).toMatch(/^it has |^it is /);
    expect(portablePathFlaw(path)).toBe(pathFlaw(path));
    expect(() => checkPath(path)).toThrow(TorshError);
    expect(() => checkPath(path)).toThrow(expect.objectContaining({ code: 'unsafe', path }));
  });

  it.each([
    'a:b',
    'a<b',
    'a?',
    'a*',
    'a|b',
    'a"b',
    'a.',
    'a /b',
    'con',
    'CON.txt',
    'x/NUL',
    'com1.bin',
    'lpt9',
    'e\u0301',
  ])('%j is not the same everywhere', (path) => {
    expect(pathFlaw(path)).toBeUndefined();
    expect(portablePathFlaw(path)).toMatch(/\S/);
  });

  it.each(['console', 'com', 'com10', 'auxiliary.txt', '\u00e9', 'nul_'])('%j is portable', (path) => {
    expect(portablePathFlaw(path)).toBeUndefined();
  });
});

it('fromFiles lists and opens what it was given', async () => {
  const tree = fromFiles(
    new Map([
      ['b', fromBytes(Uint8Array.of(1))],
      ['a/c', fromBytes(new Uint8Array(3))],
    ]),
  );
  const listed: unknown[] = [];
  for await (const entry of tree.list()) listed.push(entry);
  expect(listed).toEqual([
    { path: 'b', size: 1 },
    { path: 'a/c', size: 3 },
  ]);
  expect((await tree.open('a/c'))?.size).toBe(3);
  expect(await tree.open('c')).toBeUndefined();
  expect(await tree.open('__proto__')).toBeUndefined();
});
