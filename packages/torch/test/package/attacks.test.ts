import { defaultLimits, fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { open } from '@torsh/core';
import { assemble, type PickleValue } from '@torsh/pickle';
import { decodeSource } from '@torsh/python';
import { describe, expect, it } from 'vitest';
import { openPackage, type PackageImporter, torchPackage } from '../../src/index.ts';
import { directory } from '../../src/package/read/directory.ts';
import { moduleTree } from '../../src/package/read/module-tree.ts';
import { call, global, ordered, tuple, utils, zipped } from '../support.ts';

type Content = Readonly<Record<string, Uint8Array | string>>;

async function packed(records: Content): Promise<PackageImporter> {
  const least: Content = { '.data/version': '6\n', '.data/extern_modules': 'torch\n' };
  const all = Object.entries({ ...least, ...records }).map(
    ([path, content]) => [`p/${path}`, content] as const,
  );
  return openPackage(fromBytes(await zipped(Object.fromEntries(all))), { platform: webPlatform });
}

/** A package with one pickle, and a storage of four floats. */
async function pickled(value: PickleValue, records: Content = { '.data/0.storage': new Uint8Array(16) }) {
  const found = await packed({ 'm/m.pkl': assemble(value, { protocol: 3 }), ...records });
  return found.loadPickle('m', 'm.pkl');
}

const persistent = (...items: PickleValue[]): PickleValue => ({ kind: 'persistent', id: tuple(...items) });
const floats = (key: PickleValue, numel = 4) =>
  persistent('storage', global('torch', 'FloatStorage'), key, 'cpu', numel);
const tensor = (storage: PickleValue, size = 4) =>
  call(utils('_rebuild_tensor_v2'), [storage, 0, tuple(size), tuple(1), false, ordered()]);

describe('persistent ids', () => {
  it.each<[string, PickleValue]>([
    ['an unknown word', persistent('module', 1)],
    ['nothing', persistent()],
    ['a number', { kind: 'persistent', id: 7 }],
    ['a reduced object without arguments', persistent('reduce_package', 1, global('a', 'b'))],
    ['a reduced object with too much', persistent('reduce_package', 1, global('a', 'b'), tuple(), 4)],
    [
      'a reduced object whose id is a list',
      persistent('reduce_package', { kind: 'list', items: [] }, global('a', 'b'), tuple()),
    ],
    ['a storage of a class that is none', persistent('storage', global('os', 'system'), 0, 'cpu', 4)],
  ])('%s is malformed', async (_, value) => {
    await expect(pickled(value)).rejects.toMatchObject({ code: 'malformed', path: expect.any(String) });
  });

  it('takes keys that are text, as torch does', async () => {
    const { model } = await pickled(tensor(floats('0')));
    expect([...model.tensors.keys()]).toEqual(['tensor']);
  });

  it.each<[string, PickleValue, string]>([
    ['is not there', floats(3), '.data/3.storage'],
    ['is longer', floats(0, 3), '.data/0.storage'],
    ['leaves the package', floats('../../secret'), '.data/../../secret.storage'],
  ])('refuses a storage that %s', async (_, storage, path) => {
    await expect(pickled(tensor(storage, 3))).rejects.toMatchObject({ code: 'malformed', path });
  });

  it('finds tensors within the arguments of what would be called', async () => {
    const system = persistent(
      'reduce_package',
      1,
      global('os', 'system'),
      tuple('rm -rf /', tensor(floats(0))),
    );
    const { model, reduced } = await pickled({ kind: 'list', items: [system, system] });
    expect([...model.tensors.keys(), ...model.aliases.keys()]).toEqual(['0.1', '1.1']);
    expect(reduced).toHaveLength(1);
  });

  it('opens many tensors that are one in the time of one look at each', async () => {
    const count = 40_000;
    const items = Array.from({ length: count }, () => tensor(floats(0)));
    const bytes = assemble({ kind: 'list', items }, { protocol: 3 });
    const zip = await zipped({
      'p/.data/version': '6\n',
      'p/.data/extern_modules': 'torch\n',
      'p/.data/0.storage': new Uint8Array(16),
      'p/m/m.pkl': bytes,
    });
    const input = { files: fromFiles(new Map([['p.pt', fromBytes(zip)]])), entry: 'p.pt' };
    const { models } = await open(input, { formats: [torchPackage()], platform: webPlatform });
    expect(models.get('model')).toMatchObject({ tensors: { size: 1 }, aliases: { size: count - 1 } });
  }, 10_000);

  it('gets out of what holds itself', async () => {
    const found = await packed({
      // EMPTY_LIST, BINPUT 0, the tuple, BINPERSID, APPEND: what no assembler writes.
      'm/m.pkl': Uint8Array.from([
        0x80,
        3,
        0x5d,
        0x71,
        0,
        0x28,
        0x58,
        14,
        0,
        0,
        0,
        ...new TextEncoder().encode('reduce_package'),
        0x4b,
        1,
        0x63,
        0x61,
        0x0a,
        0x62,
        0x0a,
        0x68,
        0,
        0x85,
        0x74,
        0x51,
        0x61,
        0x2e,
      ]),
    });
    expect((await found.loadPickle('m', 'm.pkl')).model.tensors.size).toBe(0);
  });
});

describe('modules', () => {
  it.each([
    ['a module that has modules', ['a.py', 'a/b.py'], []],
    ['a file within an extern module', ['numpy/x.txt'], ['numpy']],
    ['a file below an extern module', ['a/b/c/d.py'], ['a.b']],
  ])('refuses %s', async (_, paths, externs) => {
    const records = Object.fromEntries(paths.map((path) => [path, '']));
    const open = packed({ ...records, '.data/extern_modules': externs.map((name) => `${name}\n`).join('') });
    await expect(open).rejects.toMatchObject({ code: 'malformed', path: paths.at(-1) });
  });

  it('takes the module where the folder came first, as torch does', () => {
    const { modules } = moduleTree(['a/b.txt', 'a.py'], [], defaultLimits);
    expect([...modules.values()]).toEqual([{ name: 'a', isPackage: false, path: 'a.py' }]);
  });

  it('makes no module of a file with a dot in its name', () => {
    const { modules, placeOf } = moduleTree(
      ['a.b.py', 'c.d/e.py', '__proto__/constructor.py'],
      [],
      defaultLimits,
    );
    expect([...modules.keys()]).toEqual(['__proto__', '__proto__.constructor']);
    expect(placeOf('a.b')).toBeUndefined();
  });

  it('refuses more folders in folders than there may be', () => {
    const deep = Array.from({ length: 10 }, (_, index) => `${index}${'/a'.repeat(500)}/x.py`);
    expect(() => moduleTree(deep, [], { entries: 5_000 })).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
    expect(() => directory('x', deep, { entries: 5_000 })).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
    expect(moduleTree(deep, [], { entries: 5_020 }).modules.size).toBe(5_020);
  });
});

describe('containers', () => {
  it.each([
    ['two records of one name', { 'a.py': '', 'A.py': '' }],
    ['a record that leaves the package', { '../a.py': '' }],
  ])('refuses %s', async (_, records) => {
    await expect(packed(records)).rejects.toMatchObject({ code: 'unsafe' });
  });

  it('refuses a list of externs that is no text', async () => {
    const open = packed({ '.data/extern_modules': Uint8Array.of(0xff) });
    await expect(open).rejects.toMatchObject({ code: 'malformed', path: '.data/extern_modules' });
  });

  it('prints a tree of any depth', async () => {
    const found = await packed({ [`${'a/'.repeat(1500)}x`]: '' });
    expect(found.fileStructure().toString().split('\n')).toHaveLength(1 + 1500 + 1 + 3 + 1);
  });
});

describe('sources', () => {
  const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it.each([
    ['# coding: latin-1\nx = "é"', '# coding: latin-1\nx = "é"'],
    ['\n#!x -*- coding=iso-8859-1 -*-\r\né', '\n#!x -*- coding=iso-8859-1 -*-\né'],
  ])('%j is read in the encoding that it names', (source, text) => {
    expect(decodeSource(latin(source))).toBe(text);
  });

  it('looks for the name of an encoding in two lines only, and in comments only', () => {
    for (const source of [
      'x = 1\n# coding: latin-1\né',
      '\n\n# coding: latin-1\né',
      '"# coding: latin-1"\né',
    ])
      expect(() => decodeSource(latin(source))).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('refuses an encoding that nobody knows', () => {
    expect(() => decodeSource(latin('# coding: klingon\n'))).toThrow(TypeError);
  });
});
