import { defaultLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { modulesNeeded, sourceRoots } from '../../src/index.ts';
import { exporterOf, folder } from './export-support.ts';

describe('sourceRoots', () => {
  const first = folder({
    'pack/__init__.py': 'one',
    'pack/mod.py': '',
    'plain.py': '',
    'plain/never.py': '',
    'split/left.py': '',
    'hidden/only-here.txt': '',
    'fast.cpython-311-x86_64-linux-gnu.so': '',
    'fast.py': '',
    'old.pyc': '',
  });
  const second = folder({
    'pack/__init__.py': 'two',
    'pack/other.py': '',
    'split/right.py': '',
    'hidden/__init__.py': '',
  });
  const { find } = sourceRoots([first, second], defaultLimits);

  it.each([
    ['pack', { isPackage: true, file: 'pack/__init__.py', text: 'one\n' }],
    ['pack.mod', { isPackage: false, file: 'pack/mod.py' }],
    // A package is in one root; a folder without __init__.py may be in several.
    ['pack.other', undefined],
    ['split', { isPackage: true }],
    ['split.left', { file: 'split/left.py' }],
    ['split.right', { file: 'split/right.py' }],
    // A module hides the folder beside it, a package in any root hides folders.
    ['plain', { isPackage: false }],
    ['plain.never', undefined],
    ['hidden', { isPackage: true, file: 'hidden/__init__.py' }],
    ['fast', { isPackage: false, file: 'fast.cpython-311-x86_64-linux-gnu.so' }],
    ['old', { isPackage: false, file: 'old.pyc' }],
    ['pack.mod.more', undefined],
    ['zilch', undefined],
    ['', undefined],
    ['pack.', undefined],
  ])('%s', async (name, expected) => {
    const found = await find(name);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });
});

describe('imports that lead nowhere', () => {
  const sources = {
    'user.py': 'import numpy.linalg\nfrom scipy import sparse, array\nimport broken\n',
    'broken.py': '(',
  };

  it('are passed over and told', async () => {
    const { exporter } = exporterOf(sources);
    exporter.extern('**');
    await exporter.saveModule('user');
    expect(exporter.externedModules()).toEqual([]);
    expect(exporter.missingImports()).toEqual([
      { module: 'numpy.linalg', from: 'user' },
      { module: 'scipy', from: 'user' },
      { module: 'broken', from: 'user' },
    ]);
  });

  it('are decided on where the user says that they are installed', async () => {
    const { exporter } = exporterOf(sources, { installed: ['numpy.**', 'scipy', 'scipy.sparse'] });
    exporter.extern('**');
    await exporter.saveModule('user');
    expect(exporter.externedModules()).toEqual(['numpy.linalg', 'scipy', 'scipy.sparse']);
    expect(exporter.missingImports().map(({ module }) => module)).toEqual(['broken']);
  });
});

describe('modules without a source', () => {
  it.each([
    ['a compiled one', { 'c.abi3.so': '' }, 'is-extension-module', undefined],
    [
      'one of which only the compiled file is there',
      { 'c.pyc': '' },
      'source-file-not-found',
      'filename: c.pyc',
    ],
    ['a folder without __init__.py', { 'c/d.py': '' }, 'no-dunder-file', undefined],
  ] as const)('%s', async (_, sources, problem, context) => {
    const { exporter } = exporterOf({ ...sources, 'user.py': 'import c' });
    exporter.intern('**');
    await exporter.saveModule('user');
    expect(exporter.dependencyGraph.nodes.get('c')).toMatchObject({ action: 'intern', problem });
    expect(exporter.dependencyGraph.nodes.get('c')?.context).toBe(context);
    await expect(exporter.close()).rejects.toMatchObject({ broken: [{ module: 'c', problem }] });
  });
});

describe('the graph', () => {
  const sources = {
    'a.py': 'import b\nimport c\n',
    'b.py': 'import d',
    'c.py': 'import d',
    'd.py': 'import a',
  };

  it('is told as DOT, by what needs a module, and by ways', async () => {
    const { exporter } = exporterOf(sources);
    exporter.intern('**');
    await exporter.saveModule('a');
    expect(exporter.getRdeps('d')).toEqual(['b', 'c']);
    expect(exporter.getRdeps('zilch')).toEqual([]);
    expect(exporter.dependencyGraphString()).toBe(
      'digraph G {\nrankdir = LR;\nnode [shape=box];\n"a" -> "b";\n"a" -> "c";\n"b" -> "d";\n"d" -> "a";\n"c" -> "d";\n}\n',
    );
    expect(exporter.allPaths('b', 'd')).toContain('"b" -> "d";');
    expect(exporter.allPaths('a', 'zilch')).toBe('digraph G {\nrankdir = LR;\nnode [shape=box];\n\n}\n');
  });

  it('forgets that nobody decided on a module when it is saved after all', async () => {
    const { exporter, finish } = exporterOf(sources);
    await exporter.saveModule('a');
    for (const module of ['b', 'c', 'd']) await exporter.saveModule(module);
    await expect(finish()).resolves.toMatchObject({ externModules: [] });
  });
});

describe('modulesNeeded', () => {
  const sources = folder({
    'app.py': 'def f():\n    from torch import nn\n    import lib.part, numpy\n',
    'lib/__init__.py': 'import json',
    'lib/part.py': 'from . import other',
    'lib/other.py': 'import app, sys',
    'alone.py': '',
  });
  const options = { importers: [sourceRoots([sources], defaultLimits)], installed: 'numpy' };

  it('gives all modules behind some, cycles and all', async () => {
    const { modules, missing, graph } = await modulesNeeded('app', options);
    expect(modules).toEqual(['app', 'torch.nn', 'lib.part', 'lib.other', 'sys', 'numpy']);
    expect(missing).toEqual([]);
    expect(graph.predecessors('app')).toEqual(['lib.other']);
  });

  it('begins with several, and tells what is missing', async () => {
    const { modules, missing } = await modulesNeeded(['alone', 'app'], { ...options, installed: [] });
    expect(modules.slice(0, 2)).toEqual(['alone', 'app']);
    expect(missing).toEqual([{ module: 'numpy', from: 'app' }]);
    await expect(modulesNeeded('zilch', options)).rejects.toMatchObject({ code: 'not-found' });
  });
});
