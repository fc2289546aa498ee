import { readFileSync } from 'node:fs';
import { fromBytes, webPlatform } from '@torsh/bytes';
import { RequestError } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import {
  openPackage,
  type PackageImporter,
  pyObject,
  pyStorage,
  pyTensor,
  pyValue,
} from '../../src/index.ts';
import { exporterOf, textOf } from './export-support.ts';

/** A package with an object of a class of its own, whose module is this text. */
async function packageOf(source: string): Promise<PackageImporter> {
  const { exporter, finish } = exporterOf();
  await exporter.saveSourceString('own', source);
  const shared = pyStorage(Float32Array.of(1, 2, 3));
  const held = { a: pyTensor(shared), b: pyTensor(shared, { shape: [2], offset: 1 }) };
  await exporter.savePickle('o', 'o.pkl', pyObject('own', 'Own', held));
  return finish();
}

const fixture = (name: string) =>
  openPackage(
    fromBytes(readFileSync(new URL(`../../../../fixtures/torch-package/${name}`, import.meta.url))),
    {
      platform: webPlatform,
    },
  );

describe('a value of another package', () => {
  it('brings its storages and its sources along', async () => {
    const from = await packageOf('class Own:\n    pass\n');
    const { value } = await from.loadPickle('o', 'o.pkl');
    const { exporter, finish } = exporterOf({}, { importers: [from] });
    exporter.intern('own');
    await exporter.savePickle('p', 'first.pkl', pyTensor(new Float32Array(1)));
    await exporter.savePickle('p', 'p.pkl', value, { from });
    await exporter.savePickle('p', 'again.pkl', pyValue([value]), { from });
    const to = await finish();
    expect(to.records.filter((name) => name.endsWith('.storage'))).toEqual([
      '.data/0.storage',
      '.data/1.storage',
    ]);
    expect(await to.loadSource('own')).toBe('class Own:\n    pass\n');
    const [a, b] = [...(await to.loadPickle('p', 'p.pkl')).model.tensors.values()];
    const numbers = async (tensor: typeof a) =>
      new Float32Array((await tensor!.data.read(0, tensor!.data.size)).slice().buffer);
    expect([await numbers(a), await numbers(b)]).toEqual([Float32Array.of(1, 2, 3), Float32Array.of(2, 3)]);
  });

  it('is refused unless its package is an importer', async () => {
    const from = await packageOf('class Own:\n    pass\n');
    const { value } = await from.loadPickle('o', 'o.pkl');
    const { exporter } = exporterOf();
    await expect(exporter.savePickle('p', 'p.pkl', value, { from })).rejects.toThrow(RequestError);
    await expect(exporter.savePickle('p', 'p.pkl', value)).rejects.toThrow(TypeError);
  });

  it('is refused where another importer is asked first and has another class', async () => {
    const [one, same, other] = await Promise.all(
      ['x = 1\n', 'x = 1\n', 'x = 2\n'].map((text) => packageOf(`class Own:\n    ${text}`)),
    );
    const save = async (importers: readonly PackageImporter[]) => {
      const { exporter } = exporterOf({}, { importers });
      exporter.intern('**');
      const { value } = await one!.loadPickle('o', 'o.pkl');
      await exporter.savePickle('p', 'p.pkl', value, { from: one! });
    };
    await expect(save([other!, one!])).rejects.toThrow(RequestError);
    await expect(save([one!, other!])).resolves.toBeUndefined();
    await expect(save([same!, one!])).resolves.toBeUndefined();
  });

  it('leaves nothing behind when it is refused', async () => {
    const from = await packageOf('class Own:\n    pass\n');
    const { value } = await from.loadPickle('o', 'o.pkl');
    const { exporter, finish } = exporterOf();
    await expect(exporter.savePickle('p', 'p.pkl', value, { from })).rejects.toThrow(RequestError);
    await exporter.savePickle('p', 'p.pkl', pyTensor(new Float32Array(1)));
    expect((await finish()).records.slice(0, 2)).toEqual(['.data/0.storage', 'p/p.pkl']);
  });
});

describe('an object that its class has saved in a way of its own', () => {
  it('goes along with what was made up for it, under a new name', async () => {
    const from = await fixture('reduced.pt');
    const { value, reduced } = await from.loadPickle('birds', 'one.pkl');
    expect(reduced[0]?.args[0]).toBe('parrots._0');
    const { exporter, finish } = exporterOf({}, { importers: [from] });
    exporter.intern('**');
    exporter.getUniqueId();
    await exporter.savePickle('birds', 'one.pkl', value, { from });
    const to = await finish();
    const again = await to.loadPickle('birds', 'one.pkl');
    expect(again.reduced[0]?.args[0]).toBe('parrots._1');
    expect(await to.loadText('parrots._1', 'words.txt')).toBe(await from.loadText('parrots._0', 'words.txt'));
    expect(await textOf(to, 'zoo/reduced.py')).toBe(await textOf(from, 'zoo/reduced.py'));
  });

  it('is refused if it is a TorchScript module', async () => {
    const from = await fixture('script-shared.pt');
    const [name] = from.records.filter((path) => path.endsWith('.pkl') && !path.startsWith('.data/'));
    const [inPackage, resource] = name!.split('/') as [string, string];
    const { value } = await from.loadPickle(inPackage, resource);
    const { exporter } = exporterOf({}, { importers: [from] });
    await expect(exporter.savePickle('a', 'b.pkl', value, { from })).rejects.toThrow(/TorchScript/);
  });
});
