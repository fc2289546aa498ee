import { fromBytes, fromFiles, type Limits, webPlatform, withLimits } from '@torsh/bytes';
import { type Archive, createContext, type Issue } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torshpkg } from '../src/index.ts';
import { type Part, pack, smallest } from './pack.ts';

const format = torshpkg();
const input = (bytes: Uint8Array) => ({
  files: fromFiles(new Map([['a.torshpkg', fromBytes(bytes)]])),
  entry: 'a.torshpkg',
});

async function open(parts: readonly Part[], limits: Partial<Limits> = {}) {
  const issues: Issue[] = [];
  const report = (issue: Issue) => issues.push(issue);
  const context = createContext({
    formats: [format],
    platform: webPlatform,
    limits: withLimits(limits),
    report,
  });
  const archive: Archive = await format.reader!.open(input(pack(parts)), context);
  const heard = [...issues];
  const damages: string[] = [];
  await format.reader!.check!(input(pack(parts)), context, ({ code, path }) =>
    damages.push(`${code} ${path}`),
  );
  return { archive, issues: heard, damages };
}

const manifest = (changes: object): Part => ({
  name: 'MANIFEST.json',
  data: JSON.stringify({ ...smallest, ...changes }),
});
const plain = manifest({});
const file: Part = { name: 'data/x.bin', data: 'abc' };
const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('a manifest', () => {
  it.each<[string, object]>([
    ['without a name', { name: '' }],
    ['of a version that is none', { version: '1.2' }],
    ['without a format version', { format_version: undefined }],
    ['without a date', { created_at: '2026-01-01' }],
    ['with a number in its metadata', { metadata: { k: 1 } }],
    ['with dependencies that are a list', { dependencies: ['x'] }],
    ['without modules', { modules: undefined }],
    ['with a number for an author', { author: 7 }],
  ])('%s is malformed', async (_, changes) => {
    await expect(open([manifest(changes)])).rejects.toMatchObject({
      code: 'malformed',
      path: 'MANIFEST.json',
    });
  });

  it('of another major version is of another format', async () => {
    await expect(open([manifest({ format_version: '2.0.0' })])).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(
      open([manifest({ format_version: '1.99.0', later: { kept: true } })]),
    ).resolves.toBeDefined();
  });

  it('must be there, once, as UTF-8 without a key twice', async () => {
    const code = (data: string | Uint8Array) =>
      expect(open([{ name: 'MANIFEST.json', data }])).rejects.toMatchObject({ code: 'malformed' });
    await code(`\uFEFF${JSON.stringify(smallest)}`);
    await code(`{"name":"x",${JSON.stringify(smallest).slice(1)}`);
    await code(Uint8Array.of(0x7b, 0xff, 0x7d));
    await expect(open([{ name: 'manifest.json', data: JSON.stringify(smallest) }])).rejects.toMatchObject({
      code: 'malformed',
    });
    await expect(open([plain, plain])).rejects.toMatchObject({ code: 'unsafe' });
  });

  it('may stand anywhere, and dates mean nothing', async () => {
    const { archive } = await open([
      { ...file, modified: 0xffffffff },
      { ...plain, modified: 0 },
    ]);
    expect([...archive.resources.keys()]).toEqual(['data/x.bin', 'MANIFEST.json']);
  });
});

describe('entries', () => {
  it.each(['../x', '/etc/passwd', 'a/../../b', 'a//b', 'a\\..\\b', 'a\0b'])(
    'called %j are unsafe',
    async (name) => {
      await expect(open([plain, { name, data: '' }])).rejects.toMatchObject({ code: 'unsafe' });
    },
  );

  it('that are there twice are unsafe', async () => {
    await expect(open([plain, file, file])).rejects.toMatchObject({ code: 'unsafe' });
    await expect(open([plain, file, { ...file, name: 'DATA/X.bin' }])).rejects.toMatchObject({
      code: 'unsafe',
    });
  });

  it('that are one resource to the crate are both kept, with a note', async () => {
    const { archive, issues } = await open([plain, file, { ...file, name: 'config/x.bin' }]);
    expect(archive.resources.size).toBe(3);
    expect(issues.map(({ code }) => code)).toEqual(['basename']);
  });

  it('for folders are passed over, with a note', async () => {
    const { archive, issues } = await open([plain, { name: 'models/', data: '' }]);
    expect(archive.resources.size).toBe(1);
    expect(issues.map(({ code }) => code)).toEqual(['folder-entry']);
  });

  it('that would become too large are bombs', async () => {
    const bomb: Part = { name: 'data/zeros', data: new Uint8Array(2 ** 20), deflate: true };
    await expect(open([plain, bomb])).rejects.toMatchObject({ code: 'limit', path: 'data/zeros' });
    await expect(open([{ ...plain, data: plain.data }], { headerBytes: 100 })).rejects.toMatchObject({
      code: 'limit',
    });
  });
});

describe('sidecars', () => {
  const sidecar = (value: unknown): Part => ({
    name: `${file.name}.metadata`,
    data: typeof value === 'string' ? value : JSON.stringify(value),
  });

  it('state digests, and another is damage', async () => {
    expect((await open([plain, file, sidecar({ sha256 })])).damages).toEqual([]);
    expect((await open([plain, file, sidecar({ sha256: sha256.toUpperCase() })])).damages).toEqual([]);
    expect((await open([plain, file, sidecar({ sha256: sha256.replace('b', 'c') })])).damages).toEqual([
      'malformed data/x.bin',
    ]);
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no object', []],
    ['a digest that is a number', { sha256: 5 }],
    ['a digest that is none', { sha256: 'abc' }],
  ])('with %s are malformed: the crate would switch its check off', async (_, value) => {
    await expect(open([plain, file, sidecar(value)])).rejects.toMatchObject({ code: 'malformed' });
  });

  it('with other values give a note, and what belongs to nothing is a file', async () => {
    const { issues, archive } = await open([
      plain,
      file,
      sidecar({ n: 1, sha256 }),
      { name: 'alone.metadata', data: '?' },
    ]);
    expect(issues.map(({ code }) => code)).toEqual(['sidecar']);
    expect(archive.resources.has('alone.metadata')).toBe(true);
  });

  it('of ours cannot lead out of the root', async () => {
    const letter = { metadata: { torsh: JSON.stringify({ invented: {}, records: {}, incidental: [] }) } };
    const parts = (path: string) => [manifest(letter), file, sidecar({ path })];
    await expect(open(parts('../../x'))).rejects.toMatchObject({ code: 'unsafe' });
    expect([...(await open(parts('deep/y'))).archive.resources.keys()]).toEqual(['deep/y']);
  });

  it('of ours cannot give two files one name', async () => {
    const letter = { metadata: { torsh: JSON.stringify({ invented: {}, records: {}, incidental: [] }) } };
    const other: Part = { name: 'data/y.bin', data: '' };
    const parts = [
      manifest(letter),
      file,
      sidecar({ path: 'same' }),
      other,
      { name: 'data/y.bin.metadata', data: '{"path":"same"}' },
    ];
    await expect(open(parts)).rejects.toMatchObject({ code: 'unsafe' });
  });
});
