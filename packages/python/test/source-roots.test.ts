import { defaultLimits, type FileTree, fromBytes, fromFiles, isTorshError, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { inOrder, knownModules, sourceRoots } from '../src/index.ts';

const tree = (files: Readonly<Record<string, string>>): FileTree => {
  const encode = (text: string) => fromBytes(new TextEncoder().encode(text));
  return fromFiles(new Map(Object.entries(files).map(([path, text]) => [path, encode(text)])));
};

const found = async (roots: readonly FileTree[], ...names: string[]) => {
  const finder = sourceRoots(roots, defaultLimits);
  const paths: (string | boolean | undefined)[] = [];
  for (const name of names) {
    const module = await finder.find(name);
    paths.push(module && (module.file ?? module.isPackage));
  }
  return paths;
};

describe('sourceRoots', () => {
  it('finds modules, packages and folders without __init__.py', async () => {
    const root = tree({
      'a.py': '',
      'p/__init__.py': '',
      'p/b.py': '',
      'n/c.py': '',
      'n/m/d.py': '',
      'x.txt': '',
    });
    expect(await found([root], 'a', 'p', 'p.b', 'n', 'n.c', 'n.m', 'n.m.d')).toEqual([
      'a.py',
      'p/__init__.py',
      'p/b.py',
      true,
      'n/c.py',
      true,
      'n/m/d.py',
    ]);
    expect(await found([root], 'b', 'p.c', 'a.b', 'x', 'p.b.c', '', 'p.', '.p', 'p..b', 'p/b')).toEqual(
      Array(10).fill(undefined),
    );
  });

  it('takes a package before a module in C, that before source, and source before what was compiled', async () => {
    const all = {
      'm/__init__.py': '',
      'm.cpython-311-x86_64-linux-gnu.so': '',
      'm.py': '',
      'm.pyc': '',
      'm/x.py': '',
    };
    const { 'm/__init__.py': _, ...noPackage } = all;
    const { 'm.cpython-311-x86_64-linux-gnu.so': extension, ...source } = noPackage;
    const { 'm.py': text, ...compiled } = source;
    const { 'm.pyc': bytecode, ...folder } = compiled;
    expect([extension, text, bytecode]).toEqual(['', '', '']);
    const roots = [all, noPackage, source, compiled, folder].map(tree);
    expect(await Promise.all(roots.map(async (root) => (await found([root], 'm'))[0]))).toEqual([
      'm/__init__.py',
      'm.cpython-311-x86_64-linux-gnu.so',
      'm.py',
      'm.pyc',
      true,
    ]);
    expect(await found([tree({ 'a.abi3.so': '', 'b.pyd': '', 'c.d.so': '' })], 'a', 'b', 'c')).toEqual([
      'a.abi3.so',
      'b.pyd',
      undefined,
    ]);
  });

  it('takes the first root that has a package, and joins folders of all roots', async () => {
    const first = tree({ 'p/__init__.py': '', 'p/a.py': '', 'n/a.py': '', 'late/x.py': '' });
    const second = tree({ 'p/__init__.py': '', 'p/b.py': '', 'n/b.py': '', 'late/__init__.py': '' });
    expect(await found([first, second], 'p.a', 'p.b', 'n.a', 'n.b', 'late', 'late.x')).toEqual([
      'p/a.py',
      undefined,
      'n/a.py',
      'n/b.py',
      'late/__init__.py',
      undefined,
    ]);
  });

  it('reads source as torch does, and names the file that is no text', async () => {
    const bytes = (...codes: number[]) => fromBytes(Uint8Array.from(codes));
    const files = new Map([
      ['a.py', fromBytes(new TextEncoder().encode('\ufeffx = 1\r\ny = 2'))],
      ['b.py', fromBytes(new TextEncoder().encode('# coding: latin-1\n'))],
      ['c.py', bytes(0x27, 0xe9, 0x27)],
    ]);
    const finder = sourceRoots([fromFiles(files)], defaultLimits);
    expect((await finder.find('a'))?.text).toBe('x = 1\ny = 2\n');
    expect((await finder.find('b'))?.text).toBe('# coding: latin-1\n');
    await expect(finder.find('c')).rejects.toMatchObject({
      code: 'malformed',
      path: 'c.py',
    });
  });

  it('bounds what a root may have', async () => {
    const finder = sourceRoots([tree({ 'a.py': '', 'b.py': '' })], withLimits({ entries: 1 }));
    await expect(finder.find('a')).rejects.toSatisfy((error) => isTorshError(error, 'limit'));
  });
});

it('asks finders in order, and knows names without their source', async () => {
  const mine = sourceRoots([tree({ 'os/__init__.py': '' })], defaultLimits);
  const finder = inOrder([mine, knownModules(['os.path', 'json'])]);
  expect(await finder.find('os')).toMatchObject({ isPackage: true, file: 'os/__init__.py' });
  expect(await finder.find('os.path')).toEqual({ isPackage: false });
  expect(await knownModules(['os.path']).find('os')).toEqual({ isPackage: true });
  expect(await finder.find('json.nothing')).toBeUndefined();
});
