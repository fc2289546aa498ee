import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ByteSource, fromBytes, fromFiles, isTorshError, toFiles, webPlatform } from '@torsh/bytes';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createContext, type Input, torsh, verify } from '../src/index.ts';
import { openTorsh } from '../src/torsh/container.ts';

/** The files of docs/spec/vectors: what any implementation of docs/spec/torsh-1.md must read, write and refuse. */
const spec = new URL('../../../docs/spec/', import.meta.url);
const options = { formats: [torsh()], platform: webPlatform };
const context = createContext(options);

function files(folder: string, suffix: string): string[] {
  const names = readdirSync(new URL(`vectors/${folder}`, spec));
  return names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
}

const bytesOf = (path: string) => new Uint8Array(readFileSync(new URL(`vectors/${path}`, spec)));
const jsonOf = (path: string) => JSON.parse(readFileSync(new URL(path, spec), 'utf8'));

function inputOf(bytes: Uint8Array): Input {
  return { files: fromFiles(new Map([['vector.torsh', fromBytes(bytes)]])), entry: 'vector.torsh' };
}

function sha256(bytes: Uint8Array): string {
  const hasher = webPlatform.sha256();
  hasher.update(bytes);
  return hasher.digest();
}

const digestOf = async (data: ByteSource) => sha256(await data.read(0, data.size));

describe.each(files('valid', '.torsh'))('the valid file %s', (name) => {
  const bytes = bytesOf(`valid/${name}.torsh`);
  const open = () => torsh().reader!.open(inputOf(bytes), context);

  it('holds what its description says', async () => {
    const archive = await open();
    const models = [];
    for (const { name, metadata, aliases, tensors } of archive.models.values()) {
      const list = [];
      for (const { name, dtype, shape, data } of tensors.values()) {
        const { offset } = await data.locate!();
        list.push({ name, dtype, shape, offset, bytes: data.size, sha256: await digestOf(data) });
      }
      models.push({ name, metadata, aliases: Object.fromEntries(aliases), tensors: list });
    }
    const resources = [];
    for (const { path, role, mediaType, data } of archive.resources.values()) {
      resources.push({ path, role, media_type: mediaType, bytes: data.size, sha256: await digestOf(data) });
    }
    const { metadata } = archive;
    const incidental = [...archive.incidental].sort();
    const found = { size: bytes.length, sha256: sha256(bytes), models, resources, metadata, incidental };
    expect(found).toEqual(jsonOf(`vectors/valid/${name}.json`));
  });

  it('is written again byte for byte', async () => {
    const output = toFiles();
    await torsh().writer!.write(await open(), output, 'again.torsh', context);
    expect(output.files().get('again.torsh')).toEqual(bytes);
  });

  it('is sound', async () => {
    expect(await verify(inputOf(bytes), options)).toMatchObject({ format: 'torsh', damages: [] });
  });
});

describe('broken files', () => {
  const codeOf = (name: string) => name.slice(0, /-|$/.exec(name)!.index);

  it.each(files('invalid/open', '.torsh'))('%s is refused when it is opened', async (name) => {
    const opened = torsh().reader!.open(inputOf(bytesOf(`invalid/open/${name}.torsh`)), context);
    const error: unknown = await opened.catch((reason: unknown) => reason);
    expect(isTorshError(error)).toBe(true);
    expect(error).toMatchObject({ code: codeOf(name) });
  });

  it.each(files('invalid/verify', '.torsh'))('%s is found by reading all of it', async (name) => {
    const { damages } = await verify(inputOf(bytesOf(`invalid/verify/${name}.torsh`)), options);
    expect(damages.map(({ code }) => code)).toContain(codeOf(name));
  });
});

describe('the schema of the manifest', () => {
  const validate = new Ajv2020({ strict: true }).compile(jsonOf('manifest.schema.json'));
  const manifestOf = async (name: string) => {
    const { zip } = await openTorsh(inputOf(bytesOf(`valid/${name}.torsh`)), context);
    const source = (await zip.open('manifest.json'))!;
    return JSON.parse(new TextDecoder().decode(await source.read(0, source.size)));
  };

  it.each(files('valid', '.torsh'))('accepts that of %s', async (name) => {
    validate(await manifestOf(name));
    expect(validate.errors).toBeNull();
  });

  it('lets unknown keys be, at the top and in provenance', async () => {
    const manifest = await manifestOf('full');
    expect(validate({ ...manifest, unknown: [1], provenance: { unknown: true } })).toBe(true);
  });

  it.each(['format_version', 'models', 'code', 'resources', 'records'])('wants %s', async (key) => {
    const { [key]: _, ...rest } = await manifestOf('full');
    expect(validate(rest)).toBe(false);
  });

  const wrong: readonly (readonly [
    what: string,
    spoil: (manifest: ReturnType<typeof JSON.parse>) => void,
  ])[] = [
    ['another major version', (manifest) => (manifest.format_version = '2.0')],
    ['a digest in capitals', (manifest) => (manifest.models[0].header.sha256 = 'A'.repeat(64))],
    ['a negative size', (manifest) => (manifest.models[0].size = -1)],
    ['a logical type without its shape', (manifest) => delete manifest.models[1].tensors[1].shape],
    ['an unknown logical type', (manifest) => (manifest.models[1].tensors[1].dtype = 'C256')],
    ['an unknown role', (manifest) => (manifest.resources[0].type = 'poem')],
    ['code below resources/', (manifest) => (manifest.resources[0].type = 'code')],
    ['an unknown compression', (manifest) => (manifest.resources[0].compression = 'zstd')],
    [
      'a deflated file without its second digest',
      (manifest) => delete manifest.resources[1].compressed_sha256,
    ],
    [
      'a stored file that claims to be deflated',
      (manifest) => (manifest.resources[0].compression = 'deflate'),
    ],
    ['a reserved namespace', (manifest) => (manifest.records[0].namespace = 'torsh')],
    ['a model name with a slash', (manifest) => (manifest.models[0].name = 'a/b')],
  ];
  it.each(wrong)('refuses %s', async (_, spoil) => {
    const manifest = await manifestOf('full');
    spoil(manifest);
    expect(validate(manifest)).toBe(false);
  });
});

describe('docs/spec/torsh-1.md', () => {
  const text = readFileSync(new URL('torsh-1.md', spec), 'utf8');

  it('shows the bytes of the smallest model as they are', () => {
    const block = /<!-- bytes: one-tensor -->\n```text\n([\s\S]*?)```/.exec(text)![1]!;
    const rows = block.matchAll(/^([0-9a-f]{4}) {2}((?:[0-9a-f]{2} ?)+)/gm);
    const shown = Array.from(rows, ([, , hex]) => hex!.trim().split(' ')).flat();
    expect(shown).toEqual(
      Array.from(bytesOf('valid/one-tensor.torsh'), (byte) => byte.toString(16).padStart(2, '0')),
    );
  });

  it('names only vectors that there are', () => {
    for (const [, path] of text.matchAll(/`vectors\/([\w/.-]+)`/g)) {
      expect(existsSync(new URL(`vectors/${path}`, spec)), path).toBe(true);
    }
  });
});
