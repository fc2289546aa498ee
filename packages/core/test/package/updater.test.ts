import { deflateRawSync } from 'node:zlib';
import { fromBytes } from '@torsh/bytes';
import { describe, expect, test } from 'vitest';
import { archive, model, packageExporter, packageUpdater, RequestError } from '../../src/index.ts';
import { platform, resource, tensor, torshBytes, utf8 } from '../support.ts';
import { bytesOf, loaded } from './support.ts';

const text = utf8('x = 1\n'.repeat(100));

/** An archive of another program: a deflate stream that zlib here would not make, keys of later versions, provenance. */
async function base(): Promise<Uint8Array> {
  const deflated = new Uint8Array(deflateRawSync(text, { level: 1, strategy: 3 }));
  return torshBytes(
    archive('test', {
      models: [
        model([tensor('w')], { name: 'a', metadata: { note: 'kept' } }),
        model([tensor('w')], { name: 'b' }),
      ],
      resources: [
        { ...resource('net.py', '', 'code'), data: { ...fromBytes(text), deflated: fromBytes(deflated) } },
        resource('config.json', '{}', 'config'),
      ],
      metadata: {
        torsh: { x_first: [1], version: '1.2.3', name: 'base', x_later: { kept: null } },
        torch: { epoch: 3 },
        provenance: { source: { format: 'torch-save' }, issues: [] },
      },
      incidental: ['torch'],
    }),
  );
}

async function updated(change: (updater: Awaited<ReturnType<typeof packageUpdater>>) => unknown) {
  const updater = await packageUpdater(await loaded(await base()));
  change(updater);
  return loaded(await bytesOf(updater));
}

describe('an update', () => {
  test('that changes nothing gives the same bytes', async () => {
    const before = await base();
    expect(Buffer.compare(await bytesOf(await packageUpdater(await loaded(before))), before)).toBe(0);
  });

  test('copies what did not change, compressed bytes too, and keeps what it does not know', async () => {
    const before = (await loaded(await base())).manifest;
    const { manifest } = await updated((each) =>
      each.updateModel('b', { w: Float32Array.of(7) }).incrementVersion('patch'),
    );
    expect(manifest.code).toEqual(before.code);
    expect(manifest.code[0]!.compression).toBe('deflate');
    expect(manifest.resources).toEqual(before.resources);
    expect(manifest.records).toEqual(before.records);
    expect(manifest.provenance).toEqual(before.provenance);
    expect(manifest.models[0]).toEqual(before.models[0]);
    expect(manifest.models[1]).not.toEqual(before.models[1]);
    expect(Object.entries(manifest).slice(0, 4)).toEqual([
      ['x_first', [1]],
      ['version', '1.2.4'],
      ['name', 'base'],
      ['x_later', { kept: null }],
    ]);
  });

  test('adds, replaces and removes', async () => {
    const pack = await updated((each) =>
      each
        .addModel('c', { w: Int8Array.of(1) })
        .removeModel('a')
        .addResource('notes.txt', 'Text', 'new')
        .updateResource('net.py', 'Python', 'y = 2\n')
        .removeResource('config.json')
        .set({ name: 'other', description: 'what it is', version: null })
        .setDependencies({ torsh: '*' }),
    );
    expect(pack.models).toEqual(['b', 'c']);
    expect(pack.resources).toEqual(['net.py', 'notes.txt']);
    expect(await pack.getResource('net.py').text()).toBe('y = 2\n');
    expect(pack).toMatchObject({
      name: 'other',
      description: 'what it is',
      version: undefined,
      dependencies: { torsh: '*' },
    });
  });

  test('a file that becomes code moves', async () => {
    const pack = await updated((each) => each.updateResource('config.json', 'Code', 'x'));
    expect(pack.manifest.resources).toEqual([]);
    expect(pack.manifest.code.map(({ path }) => path)).toEqual(['code/config.json', 'code/net.py']);
  });

  test.each([
    ['major', undefined, '2.0.0'],
    ['minor', undefined, '1.3.0'],
    ['patch', undefined, '1.2.4'],
    ['prerelease', 'rc', '1.2.4-rc.0'],
  ] as const)('increments the version: %s', async (by, name, version) => {
    expect((await updated((each) => each.incrementVersion(by, name))).version).toBe(version);
  });

  test('what does not fit is refused, and nothing is changed', async () => {
    const updater = await packageUpdater(await loaded(await base()));
    for (const wrong of [
      () => updater.addModel('a', {}),
      () => updater.updateModel('c', {}),
      () => updater.removeModel('c'),
      () => updater.addResource('net.py', 'Python', ''),
      () => updater.updateResource('absent.py', 'Python', ''),
      () => updater.removeResource('absent.py'),
      () => updater.set({ version: '1' }),
    ])
      expect(wrong).toThrow(RequestError);
    expect(Buffer.compare(await bytesOf(updater), await base())).toBe(0);
    const nameless = await packageUpdater(await loaded(await bytesOf(packageExporter())));
    expect(() => nameless.incrementVersion('patch')).toThrow(RequestError);
  });

  test('damage in what is copied is found', async () => {
    const bytes = (await base()).slice();
    const at = Buffer.from(bytes).indexOf(deflateRawSync(text, { level: 1, strategy: 3 }));
    bytes[at + 8]! ^= 1;
    const updater = await packageUpdater(await loaded(bytes));
    await expect(bytesOf(updater.set({ name: 'x' }), { platform })).rejects.toMatchObject({
      code: 'malformed',
    });
  });
});
