import { readFileSync } from 'node:fs';
import { fromBytes, fromFiles, toFiles, webPlatform } from '@torsh/bytes';
import { type Archive, archive, createContext, type Format, type Input, torsh } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torshpkg } from '../src/index.ts';
import { typeOf } from '../src/layout.ts';
import { brokenRules, readSmall } from './small-reader.ts';

const fixtures = new URL('../../../fixtures/torshpkg/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
const formats = [torshpkg(), torsh()];
const options = { formats, platform: webPlatform };
const context = createContext(options);

const inputOf = (name: string, bytes: Uint8Array): Input => ({
  files: fromFiles(new Map([[name, fromBytes(bytes)]])),
  entry: name,
});
const open = (bytes: Uint8Array): Promise<Archive> =>
  torshpkg().reader!.open(inputOf('a.torshpkg', bytes), context);

async function written(format: Format, whole: Archive): Promise<Uint8Array> {
  const output = toFiles();
  await format.writer!.write(whole, output, `x${format.writer!.suffix}`, context);
  await output.close();
  return output.files().get(`x${format.writer!.suffix}`)!;
}

/** Through a `.torsh` file and back. */
async function through(whole: Archive): Promise<Archive> {
  return torsh().reader!.open(inputOf('a.torsh', await written(torsh(), whole)), context);
}

const goldens = [
  'golden-full',
  'golden-store',
  'golden-default-save',
  'golden-empty',
  'golden-delta-base',
  'golden-delta-target',
];

describe('packages that the crate wrote', () => {
  it.each(['golden-full', 'golden-default-save'])('%s is what the crate loaded', async (name) => {
    const loaded = JSON.parse(readFileSync(new URL(`${name}.torshpkg.loaded.json`, fixtures), 'utf8'));
    const whole = await open(bytesOf(`${name}.torshpkg`));
    const text = async (path: string) => {
      const { data } = whole.resources.get(path)!;
      return new TextDecoder().decode(await data.read(0, data.size));
    };
    expect(JSON.parse(await text('MANIFEST.json'))).toEqual(loaded.manifest);
    const seen: { [name: string]: object } = {};
    for (const [path, { data }] of whole.resources) {
      if (path === 'MANIFEST.json' || path.endsWith('.metadata')) continue;
      const hasher = webPlatform.sha256();
      hasher.update(await data.read(0, data.size));
      seen[path.slice(path.lastIndexOf('/') + 1)] = {
        size: data.size,
        sha256: hasher.digest(),
        type: typeOf(path),
        metadata: whole.resources.has(`${path}.metadata`) ? JSON.parse(await text(`${path}.metadata`)) : {},
      };
    }
    expect(seen).toEqual(loaded.resources);
    // The crate forgets this.
    expect([...whole.resources.keys()]).toContain('models/blocks/0/w.bin');
    expect([...whole.resources.keys()]).toContain('resources/日本.bin');
  });

  it('their manifest is described', async () => {
    const { metadata } = await open(bytesOf('golden-full.torshpkg'));
    expect(metadata.torsh).toEqual({
      name: 'golden-model',
      version: '1.2.3',
      created_at: '2026-01-02T03:04:05.678Z',
      author: 'Ada Lovelace',
      description: 'golden fixture – UTF-8 ✓',
      licence: 'Apache-2.0',
      dependencies: { crates: { 'torsh-nn': '^0.1.3' } },
      metadata: { framework: 'torsh' },
    });
  });

  it.each(goldens)('%s comes back byte for byte, through a .torsh file too', async (name) => {
    const bytes = bytesOf(`${name}.torshpkg`);
    const whole = await open(bytes);
    expect(Buffer.from(await written(torshpkg(), whole)).equals(bytes)).toBe(true);
    expect(Buffer.from(await written(torshpkg(), await through(whole))).equals(bytes)).toBe(true);
  });

  it('a change of the description changes the manifest, and nothing else', async () => {
    const whole = await through(await open(bytesOf('golden-full.torshpkg')));
    const torsh = { ...(whole.metadata.torsh as object), version: '1.3.0' };
    const changed = readSmall(
      await written(torshpkg(), { ...whole, metadata: { ...whole.metadata, torsh } }),
    );
    const before = readSmall(bytesOf('golden-full.torshpkg'));
    expect(changed.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    const manifest = JSON.parse(before[0]!.bytes.toString());
    expect(changed[0]!.bytes.toString()).toBe(JSON.stringify({ ...manifest, version: '1.3.0' }, null, 2));
    for (const [index, { bytes }] of changed.entries())
      if (index > 0) expect(bytes).toEqual(before[index]!.bytes);
  });

  it('a changed file gets a new digest, a removed one takes its sidecar along', async () => {
    const whole = await open(bytesOf('golden-full.torshpkg'));
    const resources = new Map(whole.resources);
    resources.set('models/weights.bin', {
      ...resources.get('models/weights.bin')!,
      data: fromBytes(new Uint8Array(8)),
    });
    resources.delete('models/main.pth');
    const bytes = await written(torshpkg(), { ...whole, resources });
    const names = readSmall(bytes).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('models/main'))).toEqual([]);
    const damages: unknown[] = [];
    await torshpkg().reader!.check!(inputOf('a.torshpkg', bytes), context, (error) => damages.push(error));
    expect(damages).toEqual([]);
  });
});

describe('packages that torsh writes', () => {
  it('keep every rule under which the crate reads them without loss', async () => {
    const file = (path: string, role: 'config' | 'code' | 'other', text = path) => ({
      path,
      role,
      mediaType: 'text/plain',
      data: fromBytes(new TextEncoder().encode(text)),
    });
    const whole = archive('test', {
      resources: [
        file('a/config.json', 'config'),
        file('b/config.json', 'config'),
        file('c/CONFIG.json', 'other'),
        file('MANIFEST.json', 'other'),
        file('x.metadata', 'other'),
        file('empty', 'other', ''),
        file('train.py', 'code'),
      ],
      metadata: { mine: { deep: [1, null] }, torsh: { version: '1', odd: true, created_at: 'yesterday' } },
    });
    const bytes = await written(torshpkg(), whole);
    expect(brokenRules(bytes)).toEqual([]);
    expect(
      readSmall(bytes)
        .map(({ name }) => name)
        .filter((name) => !name.endsWith('.metadata')),
    ).toEqual([
      'MANIFEST.json',
      'config/config.json',
      'config/config-2.json',
      'resources/CONFIG-3.json',
      'resources/MANIFEST-2.json',
      'resources/x.metadata.file',
      'resources/empty',
      'src/train.py',
    ]);
    const back = await open(bytes);
    expect([...back.resources.values()].map(({ path, role }) => `${role} ${path}`)).toEqual(
      [...whole.resources.values()].map(({ path, role }) => `${role} ${path}`),
    );
    expect(back.metadata).toEqual(whole.metadata);
  });

  it('the checker of the rules finds what breaks them', () => {
    expect(brokenRules(bytesOf('golden-full.torshpkg'))).toContain('data/train.csv has no sidecar');
  });
});
