import { deflateRawSync } from 'node:zlib';
import { withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { archive, formatHeader, model, torsh, verify } from '../../src/index.ts';
import { contextOf, inputOf, openTorsh, platform, resource, tensor, torshBytes, utf8 } from '../support.ts';
import { archiveOf, digestOf, INFO, type Loose, manifestOf, packed, recordOf } from './support.ts';

const code = async (bytes: Uint8Array): Promise<Loose> =>
  openTorsh(bytes).then(
    () => 'fine',
    (error: unknown) => error,
  );

const sha = 'a'.repeat(64);
const file = {
  path: 'resources/a',
  type: 'other',
  media_type: 't',
  size: 1,
  sha256: sha,
  compression: 'none',
};
const aModel = {
  name: 'm',
  path: 'models/m.safetensors',
  size: 8,
  header: { size: 8, sha256: sha },
  aliases: [],
  tensors: [],
};

describe('a manifest that is wrong', () => {
  it.each([
    ['not UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['not JSON', utf8('{"a": 1')],
    ['empty', new Uint8Array(0)],
    ['a list', utf8('[]')],
    ['null', utf8('null')],
    ['a text', utf8('"x"')],
    ['without a version', manifestOf({ format_version: undefined })],
    ['with a number for a version', manifestOf({ format_version: 1 })],
    ['without models', manifestOf({ models: undefined })],
    ['with an object for models', manifestOf({ models: {} })],
    ['without code', manifestOf({ code: undefined })],
    ['without resources', manifestOf({ resources: undefined })],
    ['without records', manifestOf({ records: undefined })],
    ['with a number for a file', manifestOf({ resources: [1] })],
    ...Object.keys(file).map(
      (key) => [`with a file without ${key}`, manifestOf({ resources: [{ ...file, [key]: null }] })] as const,
    ),
    ['with a negative size', manifestOf({ resources: [{ ...file, size: -1 }] })],
    ['with half a size', manifestOf({ resources: [{ ...file, size: 0.5 }] })],
    ['with a size beyond numbers', manifestOf({ resources: [{ ...file, size: 2 ** 60 }] })],
    ['with an upper-case digest', manifestOf({ resources: [{ ...file, sha256: 'A'.repeat(64) }] })],
    ['with a short digest', manifestOf({ resources: [{ ...file, sha256: 'a' }] })],
    ['with an unknown role', manifestOf({ resources: [{ ...file, type: 'virus' }] })],
    ['with an unknown compression', manifestOf({ resources: [{ ...file, compression: 'lzma' }] })],
    ['with a bad digest of compressed bytes', manifestOf({ resources: [{ ...file, compressed_sha256: 5 }] })],
    ...Object.keys(aModel).map(
      (key) => [`with a model without ${key}`, manifestOf({ models: [{ ...aModel, [key]: null }] })] as const,
    ),
    ['with a header without size', manifestOf({ models: [{ ...aModel, header: { sha256: sha } }] })],
    ['with a number for an alias', manifestOf({ models: [{ ...aModel, aliases: [1] }] })],
    ['with an alias of nothing', manifestOf({ models: [{ ...aModel, aliases: [{ name: 'x' }] }] })],
    ['with a tensor without a digest', manifestOf({ models: [{ ...aModel, tensors: [{ name: 'w' }] }] })],
    [
      'with an unknown type',
      manifestOf({ models: [{ ...aModel, tensors: [{ name: 'w', sha256: sha, dtype: 'F99', shape: [] }] }] }),
    ],
    [
      'with a type and no shape',
      manifestOf({ models: [{ ...aModel, tensors: [{ name: 'w', sha256: sha, dtype: 'C128' }] }] }),
    ],
    [
      'with a negative shape',
      manifestOf({
        models: [{ ...aModel, tensors: [{ name: 'w', sha256: sha, dtype: 'C128', shape: [-1] }] }],
      }),
    ],
    [
      'with a record without a namespace',
      manifestOf({ records: [{ path: 'metadata/x.json', size: 1, sha256: sha, compression: 'none' }] }),
    ],
  ] as const)('%s', async (_, manifest) => {
    expect(await code(await archiveOf(manifest))).toMatchObject({ code: 'malformed', path: 'manifest.json' });
  });

  it.each(['2.0', '0.9', '1', '1.0.0', 'v1.0', '1.x', '10.0', ''])(
    'of version %j is of another format',
    async (version) => {
      expect(await code(await archiveOf(manifestOf({ format_version: version })))).toMatchObject({
        code: 'unsupported',
        path: 'manifest.json',
      });
    },
  );

  it.each(['1.0', '1.7', '1.99'])('of version %j is read', async (version) => {
    expect(await code(await archiveOf(manifestOf({ format_version: version, later: [1] })))).toBe('fine');
  });
});

describe('manifest and directory that do not agree', () => {
  const text = utf8('x');
  const a = ['resources/a', text] as const;
  const listed = recordOf('resources/a', text);
  it.each([
    ['an entry that is not listed', manifestOf(), [a], 'resources/a'],
    ['a listed file that is missing', manifestOf({ resources: [listed] }), [], 'resources/a'],
    ['a file listed twice', manifestOf({ resources: [listed, listed] }), [a], 'resources/a'],
    ['another size', manifestOf({ resources: [{ ...listed, size: 2 }] }), [a], 'resources/a'],
    [
      'another compression',
      manifestOf({ resources: [{ ...listed, compression: 'deflate' }] }),
      [a],
      'resources/a',
    ],
    ['a file at the place of code', manifestOf({ code: [listed] }), [a], 'resources/a'],
    ['code among the files', manifestOf({ resources: [{ ...listed, type: 'code' }] }), [a], 'resources/a'],
    [
      'the manifest as a file',
      manifestOf({ resources: [{ ...listed, path: 'manifest.json' }] }),
      [],
      'manifest.json',
    ],
    [
      'one path for code and file',
      manifestOf({ resources: [listed], code: [recordOf('code/a', text, 'code')] }),
      [['code/a', text], a],
      'resources/a',
    ],
    [
      'a record of a reserved name',
      manifestOf({ records: [{ ...recordOf('metadata/torsh.json', text), namespace: 'torsh' }] }),
      [['metadata/torsh.json', text]],
      'metadata/torsh.json',
    ],
    [
      'a record at another place',
      manifestOf({ records: [{ ...recordOf('metadata/b.json', text), namespace: 'a' }] }),
      [['metadata/b.json', text]],
      'metadata/b.json',
    ],
    [
      'a record that is not JSON',
      manifestOf({ records: [{ ...recordOf('metadata/a.json', text), namespace: 'a' }] }),
      [['metadata/a.json', text]],
      'metadata/a.json',
    ],
    [
      'a model of a bad name',
      manifestOf({ models: [{ ...aModel, name: '..' }] }),
      [['models/m.safetensors', text]],
      'models/m.safetensors',
    ],
  ] as const)('%s', async (_, manifest, entries, path) => {
    expect(await code(await archiveOf(manifest, ...entries))).toMatchObject({ code: 'malformed', path });
  });

  it('info and manifest that are missing, at another place, or compressed', async () => {
    const manifest = ['manifest.json', manifestOf()] as const;
    const info = ['metadata/package.info', INFO] as const;
    expect(await code(await packed([info]))).toMatchObject({ code: 'malformed', path: 'manifest.json' });
    expect(await code(await packed([manifest]))).toMatchObject({
      code: 'malformed',
      path: 'metadata/package.info',
    });
    expect(await code(await packed([manifest, info]))).toMatchObject({
      code: 'malformed',
      path: 'metadata/package.info',
    });
    const deflate = (bytes: Uint8Array) => new Uint8Array(deflateRawSync(bytes));
    expect(await code(await packed([info, [...manifest, deflate(manifest[1])]]))).toMatchObject({
      code: 'malformed',
      path: 'manifest.json',
    });
    expect(await code(await packed([[...info, deflate(INFO)], manifest]))).toMatchObject({
      code: 'malformed',
      path: 'metadata/package.info',
    });
    expect(
      await code(await packed([['metadata/package.info', utf8('torsh 2.0\n')], manifest])),
    ).toMatchObject({ code: 'unsupported' });
  });
});

describe('a model that is not what the manifest says', () => {
  const header = formatHeader([{ name: 'w', dtype: 'F32', shape: [1] }]).bytes;
  const bytes = new Uint8Array([...header, 1, 2, 3, 4]);
  const good = {
    ...aModel,
    size: bytes.length,
    header: { size: header.length, sha256: digestOf(header) },
    tensors: [{ name: 'w', sha256: digestOf(bytes.subarray(-4)) }],
  };
  const open = async (changed: Loose, content: Uint8Array = bytes) =>
    code(
      await archiveOf(manifestOf({ models: [{ ...good, ...changed }] }), ['models/m.safetensors', content]),
    );

  it('is refused only where it is wrong', async () => expect(await open({})).toBe('fine'));

  it.each([
    ['another header size', { header: { ...good.header, size: header.length - 8 } }],
    ['another header digest', { header: { ...good.header, sha256: sha } }],
    ['fewer tensors', { tensors: [] }],
    ['another tensor name', { tensors: [{ ...good.tensors[0], name: 'v' }] }],
    ['a type that is stored otherwise', { tensors: [{ ...good.tensors[0], dtype: 'C128', shape: [1] }] }],
    ['a shape that is stored otherwise', { tensors: [{ ...good.tensors[0], dtype: 'QI32', shape: [2] }] }],
    ['a tied name of nothing', { aliases: [{ name: 'x', of: 'y' }] }],
    ['a tied name that is a tensor', { aliases: [{ name: 'w', of: 'w' }] }],
    [
      'a tied name twice',
      {
        aliases: [
          { name: 'x', of: 'w' },
          { name: 'x', of: 'w' },
        ],
      },
    ],
  ])('%s', async (_, changed) => {
    expect(await open(changed)).toMatchObject({ code: 'malformed', path: 'models/m.safetensors' });
  });

  it('is not safetensors at all', async () => {
    const junk = utf8('no tensors here, only words');
    expect(await open({ size: junk.length }, junk)).toMatchObject({
      path: 'models/m.safetensors',
      format: 'safetensors',
    });
  });

  it('has a tensor of another digest: found by who reads all of it', async () => {
    const archiveBytes = await archiveOf(
      manifestOf({ models: [{ ...good, tensors: [{ name: 'w', sha256: sha }] }] }),
      ['models/m.safetensors', bytes],
    );
    const { damages } = await verify(inputOf(archiveBytes), { formats: [torsh()], platform });
    expect(damages.map(({ path }) => path)).toContain('models/m.safetensors: w');
  });
});

describe('limits', () => {
  it('of depth hold for everything that is kept as JSON', async () => {
    const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(await code(await archiveOf(manifestOf({ x: deep(100_000 / 100) })))).toMatchObject({
      code: 'limit',
      path: 'manifest.json',
    });
    expect(await code(await archiveOf(manifestOf({ x: deep(900) })))).toBe('fine');
    const text = utf8(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`);
    const record = { ...recordOf('metadata/a.json', text), namespace: 'a' };
    const bytes = await archiveOf(manifestOf({ records: [record] }), ['metadata/a.json', text]);
    expect(await code(bytes)).toMatchObject({ code: 'limit', path: 'metadata/a.json' });
  });

  it('of headers hold for the manifest', async () => {
    const bytes = await torshBytes(
      archive('x', { models: [model([tensor('w')])], resources: [resource('a', 'x')] }),
    );
    await expect(
      openTorsh(bytes, contextOf([], { limits: withLimits({ headerBytes: 500 }) })),
    ).rejects.toMatchObject({ code: 'limit' });
  });
});

it('a folder is not an archive', async () => {
  await expect(torsh().reader!.open({ files: inputOf('x').files }, contextOf())).rejects.toMatchObject({
    code: 'unsupported',
  });
});
