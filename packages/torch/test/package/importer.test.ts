import { digest, webPlatform } from '@torsh/bytes';
import type { Issue, Model } from '@torsh/core';
import { isKind, type PyList } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { openPackage } from '../../src/index.ts';
import { bytesOf, expected, inputOf, opened, placeOf, type ToldPart, unzipped } from './support.ts';

const names = Object.keys(expected);

async function told({ tensors, aliases }: Model): Promise<ToldPart> {
  const list = [];
  for (const { name, dtype, shape, data } of tensors.values()) {
    const [digests] = await digest([data], { platform: webPlatform, sha256: true });
    list.push({ name, dtype, shape, sha256: digests!.sha256! });
  }
  return { tensors: list, aliases: Object.fromEntries(aliases) };
}

describe('packages of real torch', () => {
  it.each(names)('%s: structure, externs and Python are those that torch gives', async (name) => {
    const found = await opened(name);
    const wanted = expected[name]!;
    expect(found.fileStructure().toString()).toBe(wanted.structure);
    expect(found.externModules).toEqual(wanted.externs);
    expect(found.pythonVersion ?? null).toBe(wanted.python);
  });

  const pickles = names.flatMap((name) =>
    Object.keys(expected[name]!.pickles).map((path) => [name, path] as const),
  );
  it.each(pickles)('%s: %s has the tensors that torch loads', async (name, path) => {
    const found = await (await opened(name)).loadPickle(...placeOf(path));
    const { extra, ...wanted } = expected[name]!.pickles[path]!;
    expect(await told(found.model)).toEqual(wanted);
    expect(await told(found.extra)).toEqual(extra);
  });

  it.each(names)('%s: unzipped it says the same', async (name) => {
    const folder = await openPackage(await unzipped(name), { platform: webPlatform, name });
    const wanted = expected[name]!;
    expect(folder.fileStructure().toString()).toBe(wanted.structure);
    const [path] = Object.keys(wanted.pickles);
    if (path === undefined) return;
    const { extra: _, ...tensors } = wanted.pickles[path]!;
    expect(await told((await folder.loadPickle(...placeOf(path))).model)).toEqual(tensors);
  });
});

describe('openPackage', () => {
  it('calls bytes without a name as torch does', async () => {
    const found = await openPackage(inputOf('<binary>', bytesOf('texts.pt')), { platform: webPlatform });
    expect(found.fileStructure().toString()).toMatch(/^─── <binary>\n/);
  });

  it('finds the package in the folder that unzip makes', async () => {
    const found = await openPackage(await unzipped('net.pt', 'net/'), { platform: webPlatform });
    expect([found.name, found.hasRecord('model/model.pkl')]).toEqual(['net', true]);
  });

  it('refuses an extern module that is not allowed', async () => {
    const moduleAllowed = (name: string) => name !== 'torch';
    const open = openPackage(inputOf('tensor.pt'), { platform: webPlatform, moduleAllowed });
    await expect(open).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('refuses what is no package', async () => {
    const folder = { files: inputOf('tensor.pt').files };
    await expect(openPackage(folder, { platform: webPlatform })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

describe('fileStructure', () => {
  it('shows what patterns take', async () => {
    const found = await opened('net.pt');
    expect(
      found.fileStructure({ include: ['**/cages.py', '**/*.pkl'], exclude: '**/*.storage' }).toString(),
    ).toBe(
      [
        '─── net.pt',
        '    ├── model',
        '    │   └── model.pkl',
        '    └── zoo',
        '        └── cages.py',
        '',
      ].join('\n'),
    );
    expect(found.fileStructure({ include: 'nothing' }).toString()).toBe('─── net.pt\n');
  });

  it('knows files and folders', async () => {
    const tree = (await opened('nested-modules.pt')).fileStructure();
    const asked = [
      'zoo/deep/tunnel.py',
      'zoo/deep',
      'zoo/deep/tunnel',
      'zoo/',
      '',
      'zoo/deep/tunnel.py/more',
    ];
    expect(asked.map((path) => tree.hasFile(path))).toEqual([true, true, false, false, false, false]);
    expect(tree.files.at(-1)).toBe('byteorder');
  });
});

describe('texts, sources and resources', () => {
  it('loads text and bytes', async () => {
    const found = await opened('texts.pt');
    expect(await found.loadText('config_stuff', 'words.txt')).toBe('a sample string\n');
    expect(await found.loadBinary('raw_data', 'binary')).toEqual(
      Uint8Array.from({ length: 256 }, (_, code) => code),
    );
    expect(await found.loadText('raw_data.more', 'empty.txt')).toBe('');
    await expect(found.loadText('raw_data', 'binary')).rejects.toMatchObject({ code: 'malformed' });
    expect(await found.loadText('raw_data', 'binary', 'latin-1')).toHaveLength(256);
    expect(await found.loadText('raw_data', 'binary', 'ascii', 'replace')).toMatch(/\ufffd{128}$/);
    await expect(found.loadText('raw_data', 'binary', 'klingon')).rejects.toBeInstanceOf(TypeError);
  });

  it.each([
    ['config_stuff', 'no.txt', 'not-found'],
    ['nowhere', 'words.txt', 'not-found'],
  ])('says that %s has no %s', async (inPackage, resource, code) => {
    await expect((await opened('texts.pt')).loadText(inPackage, resource)).rejects.toMatchObject({ code });
  });

  it('wants a package and the name of a file', async () => {
    const found = await opened('net.pt');
    await expect(found.loadBinary('zoo.nets', 'x')).rejects.toMatchObject({
      code: 'not-found',
      path: 'zoo.nets',
    });
    await expect(found.loadBinary('torch', 'x')).rejects.toMatchObject({ code: 'not-found', path: 'torch' });
    await expect(found.loadBinary('zoo', 'deep/x')).rejects.toBeInstanceOf(TypeError);
  });

  it('gives sources as Python reads them', async () => {
    const found = await opened('edited.pt');
    expect(await found.loadSource('old')).toBe('# -*- coding: latin-1 -*-\nNAME = "é"\n');
    expect(await found.loadSource('marked')).toBe('NAME = "é"\n');
    expect(await found.loadSource('notes')).toBeUndefined();
    expect(found.modules.get('notes')).toEqual({ name: 'notes', isPackage: true, path: undefined });
    await expect(found.loadSource('absent')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('knows modules, packages, and what is outside', async () => {
    const found = await opened('extern-below.pt');
    expect([...found.modules.keys()].sort()).toEqual(
      ['.data', 'aviary', 'looks'].filter((name) => !name.includes('.')),
    );
    expect(found.modules.get('aviary')).toEqual({ name: 'aviary', isPackage: true, path: undefined });
  });

  it('lists resources as importlib does, folders in folders too', async () => {
    const found = await opened('resources.pt');
    expect(found.resources('one')!.contents()).toEqual(['a.txt', 'b.txt', 'c.txt', 'three']);
    expect(found.resources('one.three')!.contents()).toEqual(['d.txt', 'e.txt']);
    // torch would give `y` here, which is not in `two` at all.
    expect(found.resources('two')!.contents()).toEqual(['f.txt', 'x']);
    const two = found.resources('two.x')!;
    expect([two.isResource('h.txt'), two.isResource('y'), two.isResource('y/g.txt')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(new TextDecoder().decode(await two.openResource('h.txt'))).toBe('hello, h!');
    expect(found.resources('nothing')).toBeUndefined();
    expect(found.resources('zoo.asks')).toBeUndefined();
  });
});

describe('loadPickle', () => {
  it('gives reduced objects as the calls that they are, one for each object', async () => {
    const { value, reduced, tensorOf } = await (await opened('reduced.pt')).loadPickle('birds', 'two.pkl');
    const items = (value as PyList).items;
    expect(items[0]).toBe(items[1]);
    expect(reduced).toHaveLength(2);
    expect(reduced[0]).toMatchObject({
      value: items[0],
      callee: { module: 'zoo.reduced', name: 'unpackage_parrot' },
      args: ['parrots._0', {}],
    });
    expect(tensorOf(reduced[0]!.args[1]!)).toMatchObject({ dtype: 'F32', shape: [3] });
  });

  it('takes the form of torch 1.9, which has no numbers', async () => {
    const { reduced } = await (await opened('old-reduce.pt')).loadPickle('birds', 'polly.pkl');
    expect(reduced).toMatchObject([{ id: undefined, args: ['parrots._0', {}] }]);
  });

  it('says which objects are of the package', async () => {
    const found = await opened('objects.pt');
    const { value } = await found.loadPickle('objects', 'pair.pkl');
    const door = await found.loadPickle('objects', 'door.pkl');
    expect([value, door.value, 'text', null].map(found.isFromPackage)).toEqual([true, true, false, false]);
    const reduced = await opened('reduced.pt');
    expect(reduced.isFromPackage((await reduced.loadPickle('birds', 'one.pkl')).value)).toBe(true);
    const fx = await opened('fx.pt');
    expect(fx.isFromPackage((await fx.loadPickle('model', 'model.pkl')).value)).toBe(false);
  });

  it('reports classes that come from elsewhere, and none of the package', async () => {
    const issues: Issue[] = [];
    const found = await opened('net.pt', issues);
    await found.loadPickle('model', 'model.pkl');
    const opaque = issues.filter(({ code }) => code === 'opaque').map(({ subject }) => subject);
    expect(opaque).toContain('torch.nn.modules.linear.Linear');
    expect(opaque).not.toContain('zoo.nets.Net');
  });

  it('reads protocols 0 to 5', async () => {
    const found = await opened('python-2-names.pt');
    for (let protocol = 0; protocol <= 5; protocol++) {
      const { value, protocol: read } = await found.loadPickle('values', `${protocol}.pkl`);
      expect(isKind(value, 'list') && value.items).toHaveLength(5);
      expect(read).toBe(protocol < 2 ? 0 : protocol);
    }
  });

  it('says what is not there', async () => {
    const found = await opened('net.pt');
    await expect(found.loadPickle('model', 'other.pkl')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('loadScript', () => {
  it('opens the TorchScript modules of a package', async () => {
    const found = await opened('scripts.pt');
    expect(found.scripts).toEqual(['0', '1']);
    const { models } = await found.loadScript('1');
    expect(models.map(({ name, tensors }) => [name, [...tensors.keys()]])).toEqual([
      ['model', ['value', 'step']],
    ]);
    const frozen = await (await opened('script-frozen.pt')).loadScript('0');
    const constants = frozen.models.find(({ name }) => name === 'constants')!;
    expect([...constants.tensors.keys()]).toEqual(['c0', 'c1']);
  });

  it('says which are not there', async () => {
    await expect((await opened('net.pt')).loadScript('0')).rejects.toMatchObject({ code: 'not-found' });
  });
});
