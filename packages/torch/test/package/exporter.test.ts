import { fromBytes } from '@torsh/bytes';
import { RequestError } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { EmptyMatchError, PackagingError, packageDependencies, pyObject, pyValue } from '../../src/index.ts';
import { exporterOf, folder, textOf } from './export-support.ts';

const SOURCES = {
  'model/__init__.py': '',
  'model/net.py': 'import torch\nfrom . import parts\nimport helper\n\n\nclass Net:\n    pass\n',
  'model/parts.py': 'import math\n',
  'helper.py': 'import json',
};

describe('what is written', () => {
  it('is what was saved, then modules as they were met, then what torch says of the package', async () => {
    const { exporter, finish } = exporterOf(SOURCES, { pythonVersion: '3.12.4', folder: 'net' });
    exporter.intern('model.**');
    exporter.mock('helper');
    await exporter.saveModule('model.net');
    await exporter.savePickle('model', 'net.pkl', pyObject('model.net', 'Net', { width: 3 }));
    await exporter.saveText('model.data', 'words.txt', 'hé');
    await exporter.saveBinary('model.data', 'raw', Uint8Array.of(0, 1));
    const importer = await finish();
    expect(importer.folder).toBe('net');
    expect(importer.records).toEqual([
      'model/net.pkl',
      'model/data/words.txt',
      'model/data/raw',
      'model/net.py',
      'model/parts.py',
      '_mock.py',
      'helper.py',
      '.data/extern_modules',
      '.data/python_version',
      '.data/version',
      'byteorder',
      '.data/serialization_id',
    ]);
    expect(importer.externModules).toEqual(['torch', 'math']);
    expect(importer.pythonVersion).toBe('3.12.4');
    expect(await importer.loadText('model.data', 'words.txt')).toBe('hé');
    expect(await importer.loadBinary('model.data', 'raw')).toEqual(Uint8Array.of(0, 1));
    expect(await importer.loadSource('model.net')).toBe(SOURCES['model/net.py']);
    expect((await importer.loadPickle('model', 'net.pkl')).value).toEqual(
      pyObject('model.net', 'Net', { width: 3 }),
    );
  });

  it('has stubs that are known again as mocks', async () => {
    const { exporter, finish } = exporterOf(SOURCES);
    exporter.mock('helper');
    await exporter.saveSourceString('top', 'import helper\n');
    const { graph } = await packageDependencies(await finish());
    expect(graph.nodes.get('helper')?.action).toBe('mock');
  });

  it('is the same for the same calls', async () => {
    const make = async () => {
      const { exporter, sink } = exporterOf(SOURCES);
      exporter.intern('**');
      await exporter.saveModule('model.net');
      await exporter.close();
      return sink.bytes();
    };
    expect(await make()).toEqual(await make());
  });

  it('has a line for no externs', async () => {
    const { finish } = exporterOf();
    const importer = await finish();
    expect(await textOf(importer, '.data/extern_modules')).toBe('\n');
    expect(importer.externModules).toEqual([]);
  });

  it('has the source with an end to its last line, as Python reads it; a text that was given stays as it is', async () => {
    const { exporter, finish } = exporterOf({ 'a.py': 'x = 1\r\ny = 2' });
    await exporter.saveModule('a');
    await exporter.saveSourceString('b', 'x = 1\r\ny = 2');
    const importer = await finish();
    expect(await textOf(importer, 'a.py')).toBe('x = 1\ny = 2\n');
    expect(await textOf(importer, 'b.py')).toBe('x = 1\r\ny = 2');
  });

  it('reads sources of bytes when it is closed, and not before', async () => {
    const { exporter, finish } = exporterOf();
    let reads = 0;
    const bytes = fromBytes(Uint8Array.of(7));
    const read: typeof bytes.read = (...given) => {
      reads++;
      return bytes.read(...given);
    };
    await exporter.saveBinary('a', 'b', { size: 1, read });
    expect(reads).toBe(0);
    expect(await (await finish()).loadBinary('a', 'b')).toEqual(Uint8Array.of(7));
  });
});

describe('a folder of sources', () => {
  it('becomes a package, and modules in it may need each other', async () => {
    const { exporter, finish } = exporterOf();
    const files = folder({
      'src/a.py': 'from mine import b\nimport mine.sub.c\n',
      'src/b.py': 'import mine.a\n',
      'src/sub/__init__.py': '',
      'src/sub/c.py': '',
      'src/notes.txt': 'no source',
      'other.py': '',
    });
    await exporter.saveSourceFile('mine', files, 'src');
    expect(exporter.internedModules()).toEqual(['mine.a', 'mine.b', 'mine.sub', 'mine.sub.c']);
    expect((await finish()).hasRecord('mine/sub/__init__.py')).toBe(true);
  });

  it('must have sources, and they must be UTF-8', async () => {
    const { exporter } = exporterOf();
    await expect(exporter.saveSourceFile('mine', folder({}), 'src')).rejects.toMatchObject({
      code: 'not-found',
    });
    const latin1 = { list: async function* () {}, open: async () => fromBytes(Uint8Array.of(0x23, 0xe9)) };
    await expect(exporter.saveSourceFile('mine', latin1, 'x.py')).rejects.toMatchObject({
      code: 'malformed',
      path: 'x.py',
    });
  });
});

describe('wrong arguments', () => {
  it.each([
    ['a path instead of a file name', 'a', 'b/c.txt'],
    ['no file name', 'a', ''],
    ['a way out', '', '..'],
    ['an empty package', '', 'x'],
    ['a backslash', 'a', 'b\\c'],
    ['the name that an importer gives', '<torch_package_0>.a', 'x'],
  ])('%s', async (_, inPackage, resource) => {
    const { exporter } = exporterOf();
    await expect(exporter.saveText(inPackage, resource, '')).rejects.toThrow(TypeError);
    await expect(exporter.savePickle(inPackage, resource, null)).rejects.toThrow(TypeError);
  });

  it('one file twice, also if only the case of letters differs', async () => {
    const { exporter } = exporterOf();
    await exporter.saveText('a', 'b.txt', '');
    await expect(exporter.saveText('a', 'b.txt', '')).rejects.toThrow(/Tried to write file 'a\/b.txt'/);
    await expect(exporter.saveText('A', 'B.txt', '')).rejects.toThrow(TypeError);
  });

  it('a module that is not there, or is no Python', async () => {
    const { exporter } = exporterOf({ 'broken.py': 'def f(:\n' });
    await expect(exporter.saveModule('zilch')).rejects.toMatchObject({ code: 'not-found' });
    await expect(exporter.saveModule('broken')).rejects.toMatchObject({
      code: 'malformed',
      path: 'broken.py',
    });
  });
});

describe('an end without a package', () => {
  it('comes from a module that cannot be packaged; nothing is written', async () => {
    const { exporter, sink } = exporterOf(SOURCES, { debug: true });
    exporter.intern('model.**');
    await exporter.saveModule('model.net');
    const error = await exporter.close().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PackagingError);
    expect(error).toMatchObject({
      name: 'PackagingError',
      broken: [{ module: 'helper', problem: 'no-action' }],
      message:
        '\n* Module did not match against any action pattern. Extern, mock, or intern it.\n    helper\n      A path to helper: model.net -> helper\n',
    });
    expect((error as PackagingError).graph.predecessors('helper')).toEqual(['model.net']);
    expect([sink.position, sink.closed]).toEqual([0, false]);
    await expect(exporter.close()).rejects.toThrow(TypeError);
  });

  it('comes from a pattern that had to match', async () => {
    const { exporter, sink } = exporterOf();
    exporter.extern(['numpy.**'], { allowEmpty: false });
    await expect(exporter.close()).rejects.toThrow(EmptyMatchError);
    expect(sink.closed).toBe(false);
  });

  it('comes from modules that no importer would take together', async () => {
    const { exporter } = exporterOf({ 'a/__init__.py': '', 'a/b.py': '' });
    exporter.extern('a');
    exporter.intern('a.b');
    await exporter.saveSourceString('user', 'import a\nimport a.b\n');
    await expect(exporter.close()).rejects.toThrow(RequestError);
  });

  it('comes from giving up', async () => {
    const { exporter, sink } = exporterOf();
    await exporter.saveText('a', 'b', '');
    await exporter.abort();
    expect(sink.closed).toBe(false);
    await expect(exporter.saveText('a', 'c', '')).rejects.toThrow(TypeError);
  });
});

describe('hooks', () => {
  it('are called in their order when the package is closed, and may save files', async () => {
    const { exporter, finish } = exporterOf(SOURCES);
    const calls: string[] = [];
    exporter.intern('model.**');
    exporter.mock('helper');
    exporter.registerInternHook((_, module) => void calls.push(`first ${module}`));
    const second = exporter.registerInternHook((_, module) => void calls.push(`second ${module}`));
    exporter.registerExternHook((_, module) => void calls.push(`extern ${module}`));
    exporter.registerMockHook((given, module) => given.saveText('mocked', `${module}.txt`, ''));
    await exporter.saveModule('model.net');
    await exporter.savePickle('o', 'o.pkl', pyValue(1));
    second.remove();
    second.remove();
    expect(calls).toEqual([]);
    const importer = await finish();
    expect(calls).toEqual([
      'first model.net',
      'extern torch',
      'first model.parts',
      'extern math',
      'first <o.o.pkl>',
    ]);
    expect(importer.records.indexOf('mocked/helper.txt')).toBe(importer.records.indexOf('_mock.py') - 1);
  });

  it('may not change what was decided', async () => {
    const { exporter } = exporterOf(SOURCES);
    exporter.registerInternHook((given) => given.saveModule('model.net'));
    await exporter.saveModule('helper');
    await expect(exporter.close()).rejects.toThrow(TypeError);
  });
});

it('gives ids once', () => {
  const { exporter } = exporterOf();
  expect([exporter.getUniqueId(), exporter.getUniqueId()]).toEqual(['0', '1']);
});
