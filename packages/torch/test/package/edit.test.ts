import { fromBytes, toBytes, webPlatform } from '@torsh/bytes';
import { RequestError } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import {
  editPackage,
  openPackage,
  type PackageEdits,
  type PackageImporter,
  pyValue,
} from '../../src/index.ts';
import { exporterOf, textOf } from './export-support.ts';

async function original(): Promise<PackageImporter> {
  const { exporter, finish } = exporterOf(
    { 'pack/__init__.py': '', 'pack/mod.py': 'import math\n' },
    { folder: 'before' },
  );
  exporter.intern('**');
  await exporter.savePickle('pack', 'value.pkl', pyValue([1, 2]));
  await exporter.saveText('pack', 'words.txt', 'words');
  await exporter.saveModule('pack.mod');
  await exporter.saveModule('pack');
  return finish();
}

async function edited(edits: PackageEdits, importer?: PackageImporter) {
  const from = importer ?? (await original());
  const { write, ...changes } = editPackage(from, edits, { platform: webPlatform });
  const sink = toBytes();
  await write(sink);
  return { changes, from, to: await openPackage(fromBytes(sink.bytes()), { platform: webPlatform }) };
}

const bytesOf = (text: string) => fromBytes(new TextEncoder().encode(text));

describe('editPackage', () => {
  it('replaces a source where it is, and copies all other files', async () => {
    const { changes, from, to } = await edited({
      sources: [{ module: 'pack.mod', source: 'import pack\nx = 1' }],
    });
    expect(changes).toEqual({ added: [], replaced: ['pack/mod.py'], removed: [], externs: [], missing: [] });
    expect([to.folder, to.records]).toEqual(['before', from.records]);
    for (const path of from.records) {
      if (path === 'pack/mod.py') expect(await textOf(to, path)).toBe('import pack\nx = 1');
      else if (path === '.data/serialization_id')
        expect(await textOf(to, path)).not.toBe(await textOf(from, path));
      else expect(await textOf(to, path)).toBe(await textOf(from, path));
    }
  });

  it('gives the same bytes for the same files', async () => {
    const from = await original();
    const source = (await from.loadSource('pack.mod'))!;
    const { to } = await edited({ sources: [{ module: 'pack.mod', source }] }, from);
    expect(await textOf(to, '.data/serialization_id')).toBe(await textOf(from, '.data/serialization_id'));
  });

  it('adds files in front of those that torch writes last', async () => {
    const { changes, to } = await edited({
      sources: [{ module: 'pack.sub', source: '', isPackage: true }],
      files: [
        { path: 'pack/words.txt', content: bytesOf('other words') },
        { path: 'new/raw', content: bytesOf('raw') },
      ],
    });
    expect(changes).toMatchObject({
      added: ['pack/sub/__init__.py', 'new/raw'],
      replaced: ['pack/words.txt'],
    });
    expect(to.records.slice(0, 6)).toEqual([
      'pack/value.pkl',
      'pack/words.txt',
      'pack/mod.py',
      'pack/__init__.py',
      'pack/sub/__init__.py',
      'new/raw',
    ]);
    expect(await to.loadText('pack', 'words.txt')).toBe('other words');
  });

  it('lets what new sources need of torch and the standard library be external, and tells the rest', async () => {
    const source =
      'import json\nfrom torch import nn\nimport numpy\nimport sys\nfrom pack import mod, thing\nfrom . import mod as again\nimport math\n';
    const { changes, to } = await edited({
      sources: [{ module: 'pack.mod', source }],
      externs: ['math', 'scipy'],
    });
    expect(changes.externs).toEqual(['scipy', 'json', 'torch.nn']);
    expect(changes.missing).toEqual([
      { module: 'numpy', from: 'pack.mod' },
      { module: 'sys', from: 'pack.mod' },
    ]);
    expect(to.externModules).toEqual(['math', 'scipy', 'json', 'torch.nn']);
  });

  it('turns a module into a package, and keeps a package one', async () => {
    const first = await edited({ sources: [{ module: 'pack.mod', source: 'x = 1\n', isPackage: true }] });
    expect(first.changes).toMatchObject({ added: ['pack/mod/__init__.py'], removed: ['pack/mod.py'] });
    const second = await edited({ sources: [{ module: 'pack', source: 'y = 2\n' }] }, first.to);
    expect(second.changes.replaced).toEqual(['pack/__init__.py']);
  });

  it('takes files away', async () => {
    const { changes, to } = await edited({ remove: ['pack/value.pkl', 'pack/mod.py'] });
    expect(changes.removed).toEqual(['pack/value.pkl', 'pack/mod.py']);
    expect(to.hasRecord('pack/value.pkl')).toBe(false);
  });

  it.each<[string, PackageEdits]>([
    ['a file that is not there', { remove: ['pack/zilch'] }],
    ["torch's own records", { remove: ['.data/extern_modules'] }],
    ['a way out', { files: [{ path: '../x', content: bytesOf('') }] }],
    ['a name that differs in case only', { files: [{ path: 'pack/Words.txt', content: bytesOf('') }] }],
    ['a module below a module', { sources: [{ module: 'pack.mod.inner', source: '' }] }],
    ['a module within an external one', { sources: [{ module: 'math.inner', source: '' }] }],
    ['an external name for a module that is there', { externs: ['pack'] }],
  ])('refuses %s', async (_, edits) => {
    const importer = await original();
    expect(() => editPackage(importer, edits, { platform: webPlatform })).toThrow(RequestError);
  });
});
