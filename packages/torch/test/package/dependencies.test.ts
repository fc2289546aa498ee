import { fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { toDot } from '@torsh/python';
import { describe, expect, it } from 'vitest';
import { openPackage, type PackageDependencies, packageDependencies } from '../../src/index.ts';
import { expected, opened } from './support.ts';

const actions = ({ graph }: PackageDependencies) =>
  Object.fromEntries(Array.from(graph.nodes, ([name, node]) => [name, node?.problem ?? node?.action]));

/** A package as the folder that is left of one when it is unzipped. */
const folder = (files: Readonly<Record<string, string>>) => {
  const entries = Object.entries({ '.data/extern_modules': '\n', '.data/version': '6\n', ...files });
  const bytes = entries.map(
    ([path, text]) => [path, fromBytes(Uint8Array.from(text, (char) => char.charCodeAt(0)))] as const,
  );
  return openPackage({ files: fromFiles(new Map(bytes)) }, { platform: webPlatform });
};

describe('packageDependencies', () => {
  it('finds the graph again that torch had', async () => {
    const found = await packageDependencies(await opened('net.pt'));
    expect(toDot(found.graph)).toMatchInlineSnapshot(`
      "digraph G {
      rankdir = LR;
      node [shape=box];
      "<model.model.pkl>" -> "zoo.nets";
      "<model.model.pkl>" -> "torch._utils";
      "<model.model.pkl>" -> "torch";
      "<model.model.pkl>" -> "collections";
      "<model.model.pkl>" -> "builtins";
      "<model.model.pkl>" -> "torch.nn.modules.linear";
      "zoo.nets" -> "torch";
      "zoo.nets" -> "zoo.cages";
      "zoo.cages" -> "math";
      }
      "
    `);
    expect(actions(found)).toMatchObject({ 'zoo.nets': 'intern', 'torch._utils': 'extern', math: 'extern' });
    expect(found.missing).toEqual([]);
  });

  it('knows the stubs of mocked modules', async () => {
    expect(actions(await packageDependencies(await opened('mocks.pt')))).toEqual({
      'zoo.uses_aviary': 'intern',
      aviary: 'mock',
      'aviary.birds': 'mock',
    });
    const again = actions(await packageDependencies(await opened('repackaged-mock.pt')));
    expect(again).toMatchObject({ looks: 'intern', 'aviary.birds': 'mock' });
  });

  it.each(Object.keys(expected))('%s: nothing is missing, and all externs are there', async (name) => {
    const importer = await opened(name);
    const found = await packageDependencies(importer);
    expect(found.missing).toEqual([]);
    expect([...found.graph.nodes.keys()]).toEqual(expect.arrayContaining([...importer.externModules]));
    expect([...found.graph.nodes.values()].filter((node) => node?.problem)).toEqual([]);
  });

  it('says what is missing, what is broken, and what longer names of externs mean', async () => {
    const importer = await folder({
      '.data/extern_modules': 'torch\n',
      'a.py': 'import b, torch.nn, gone\nfrom torch.utils import data\nfrom p import q\nimport numpy',
      'b.py': 'def f(:',
      'p/x.txt': '',
      'p/bad.pkl': '\x80\x03K.',
      'p/no.dat': '\x80\x03K.',
      'latin.py': "'\xe9'",
    });
    const found = await packageDependencies(importer);
    expect(actions(found)).toEqual({
      '<p.bad.pkl>': 'dependency-resolution-failed',
      a: 'intern',
      b: 'dependency-resolution-failed',
      'torch.nn': 'extern',
      'torch.utils': 'extern',
      numpy: 'extern',
      latin: 'dependency-resolution-failed',
      torch: 'extern',
    });
    expect(found.missing).toEqual([{ module: 'gone', from: 'a' }]);
  });

  it('stops when it is told to', async () => {
    const importer = await folder({ 'a.py': 'import b', 'b.py': 'import a' });
    const signal = AbortSignal.abort('enough');
    await expect(packageDependencies(importer, { signal })).rejects.toBe('enough');
  });
});
