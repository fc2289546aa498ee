import { readdirSync, readFileSync } from 'node:fs';
import { digest, fromBytes, fromFiles, isTorshError, webPlatform } from '@torsh/bytes';
import { createContext, type Issue, type JsonObject } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torchLegacy, torchSave, torchSharded } from '../../src/index.ts';
import { dict, file, storage, tensor } from '../support.ts';

const fixtures = new URL('../../../../fixtures/torch-sharded/', import.meta.url);
const INDEX = 'pytorch_model.bin.index.json';
const { files: expected } = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8'));

type Files = Readonly<Record<string, Uint8Array | string>>;

const encode = (content: Uint8Array | string) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

const fixture = (name: string): Files => {
  const folder = new URL(`${name}/`, fixtures);
  return Object.fromEntries(
    readdirSync(folder).map((each) => [each, new Uint8Array(readFileSync(new URL(each, folder)))]),
  );
};

function lend(files: Files, entry?: string) {
  const issues: Issue[] = [];
  const formats = [torchSave(), torchLegacy(), torchSharded()];
  const context = createContext({
    formats,
    platform: webPlatform,
    report: (issue) => void issues.push(issue),
  });
  const tree = fromFiles(
    new Map(Object.entries(files).map(([path, content]) => [path, fromBytes(encode(content))])),
  );
  return { input: { files: tree, entry }, context, issues };
}

async function open(files: Files, entry?: string) {
  const { input, context, issues } = lend(files, entry);
  const archive = await torchSharded().reader!.open(input, context);
  return { archive, model: archive.models.get('model')!, issues };
}

async function refused(files: Files, entry?: string): Promise<string> {
  try {
    await open(files, entry);
    return 'taken';
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return `${error.code} ${error.path}`;
  }
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

describe('shards of real torch', () => {
  it.each(['zip', 'legacy'])('%s: are one model, in the order of the index', async (name) => {
    const { model, archive, issues } = await open(fixture(name), INDEX);
    const index = JSON.parse(new TextDecoder().decode(fixture(name)[INDEX] as Uint8Array));
    const order = Object.keys(index.weight_map).filter((each) => model.tensors.has(each));
    expect([...model.tensors.keys()].sort()).toEqual(order.sort());
    const found = [];
    for (const { name: each, dtype, shape, data } of model.tensors.values()) {
      const [{ sha256 }] = (await digest([data], { platform: webPlatform, sha256: true })) as [
        { sha256: string },
      ];
      found.push({ name: each, dtype, shape, sha256 });
    }
    expect(found.sort(byName)).toEqual([...expected[name].tensors].sort(byName));
    expect(Object.fromEntries(model.aliases)).toEqual(expected[name].aliases);
    expect(issues).toEqual([]);
    expect([...archive.incidental]).toEqual(['torch']);
  });

  it('are found in a folder, and below one', async () => {
    const files = fixture('zip');
    expect((await open({ ...files, 'config.json': '{}' })).model.tensors.size).toBe(6);
    const below = Object.fromEntries(
      Object.entries(files).map(([name, content]) => [`unet/${name}`, content]),
    );
    expect((await open(below, `unet/${INDEX}`)).model.tensors.size).toBe(6);
  });
});

describe('a model that needed no shards', () => {
  it('is whatever its file is', async () => {
    const bytes = await file(dict(['a', tensor()], ['epoch', 3]));
    for (const entry of [undefined, 'pytorch_model.bin']) {
      const { archive } = await open({ 'config.json': '{}', 'pytorch_model.bin': bytes }, entry);
      expect(archive.origin).toBe('torch-save');
      expect(archive.metadata.torch).toMatchObject({ kind: 'torch.save', structure: { epoch: 3 } });
    }
  });

  it('gives way to an index', async () => {
    const files = { ...fixture('zip'), 'pytorch_model.bin': 'not even a checkpoint' };
    expect((await open(files)).archive.origin).toBe('torch-sharded');
  });

  it('is refused with its path', async () => {
    expect(await refused({ 'pytorch_model.bin': '<html>' })).toBe('unsupported pytorch_model.bin');
    const broken = await file(dict(['a', tensor()]), { 'data/0': new Uint8Array(15) });
    expect(await refused({ 'pytorch_model.bin': broken })).toBe('malformed pytorch_model.bin/data/0');
  });
});

const one = file(dict(['a', tensor()]));
const indexOf = (map: object, metadata?: object): string => JSON.stringify({ metadata, weight_map: map });

describe('an index', () => {
  it('keeps its order, even of names that are numbers', async () => {
    const shard = await file(dict(['2', tensor()], ['10', tensor({ size: { kind: 'tuple', items: [2] } })]));
    const text = '{"weight_map": {"10": "x.bin", "2": "x.bin"}}';
    const { model } = await open({ [INDEX]: text, 'x.bin': shard }, INDEX);
    expect([...model.tensors.keys()]).toEqual(['10', '2']);
  });

  it('gives its metadata to the model', async () => {
    const text = indexOf({ a: 'x.bin' }, { total_size: 16, note: 'é', more: [1] });
    const { model, issues } = await open({ [INDEX]: text, 'x.bin': await one }, INDEX);
    expect(model.metadata).toEqual({ format: 'pt', note: 'é', more: '[1]' });
    expect(issues).toEqual([]);
  });

  it('is told where its size is that of nothing', async () => {
    const text = indexOf({ a: 'x.bin' }, { total_size: 17 });
    const { issues } = await open({ [INDEX]: text, 'x.bin': await one }, INDEX);
    expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['note total-size']);
  });

  it('keeps what a shard has besides tensors, and says that it is no small thing', async () => {
    const shard = await file(dict(['a', tensor()], ['epoch', 3]));
    const { archive } = await open({ [INDEX]: indexOf({ a: 'x.bin' }), 'x.bin': shard }, INDEX);
    const { shards } = archive.metadata.torch as { shards: JsonObject };
    expect(shards['x.bin']).toMatchObject({ torch: { kind: 'torch.save', structure: { epoch: 3 } } });
    expect(archive.incidental.size).toBe(0);
  });

  it.each<[what: string, map: object, expected: string]>([
    ['a tensor is missing', { a: 'x.bin', b: 'x.bin' }, 'malformed x.bin'],
    ['a tensor is in another shard', { a: 'y.bin', b: 'x.bin' }, 'malformed y.bin'],
    ['a tensor is in no map', { b: 'y.bin' }, 'taken'],
    ['a shard has more than the map', { b: 'y.bin', c: 'z.bin' }, 'malformed z.bin'],
    ['a shard is missing', { a: 'w.bin' }, 'not-found w.bin'],
    ['a shard is above', { a: '../x.bin' }, `unsafe ${INDEX}`],
    ['a shard is in a folder', { a: 'sub/x.bin' }, `unsafe ${INDEX}`],
    ['a shard is anywhere', { a: '/x.bin' }, `unsafe ${INDEX}`],
    ['a shard is the index', { a: INDEX }, `malformed ${INDEX}`],
    ['a shard is broken', { a: 'broken.bin' }, 'malformed broken.bin/data/0'],
    ['a shard is nothing that is known', { a: 'page.bin' }, 'unsupported page.bin'],
  ])('is refused where %s', async (_, map, outcome) => {
    const files = {
      [INDEX]: indexOf(map),
      'x.bin': await one,
      'y.bin': await file(dict(['b', tensor()])),
      'z.bin': await file(dict(['c', tensor()], ['d', tensor({ storage: storage({ key: '1' }) })]), {
        'data/0': new Uint8Array(16),
        'data/1': new Uint8Array(16),
      }),
      'broken.bin': await file(dict(['a', tensor()]), { 'data/0': new Uint8Array(15) }),
      'page.bin': '<!DOCTYPE html>',
    };
    expect(await refused(files, INDEX)).toBe(outcome);
  });

  it.each<[what: string, text: string, code: string]>([
    ['no JSON', 'weight_map', 'malformed'],
    ['without a map', '{}', 'malformed'],
    ['of a name twice', '{"weight_map": {"a": "x.bin", "a": "x.bin"}}', 'malformed'],
    ['longer than any', `{"weight_map": {}, "x": "${' '.repeat(11 * 2 ** 20)}"}`, 'limit'],
  ])('is refused: %s', async (_, text, code) => {
    expect(await refused({ [INDEX]: text, 'x.bin': await one }, INDEX)).toBe(`${code} ${INDEX}`);
  });
});

describe('what is claimed', () => {
  const claim = async (files: Files, entry?: string) => {
    const { input, context } = lend(files, entry);
    return (await torchSharded().detect(input, context))?.confidence;
  };

  it.each<[files: Files, entry: string | undefined, claim: string | undefined]>([
    [{ [INDEX]: '{}' }, INDEX, 'certain'],
    [{ 'pytorch_model.bin.index.fp16.json': ' \n{}' }, 'pytorch_model.bin.index.fp16.json', 'certain'],
    [{ 'index.json': '{}' }, 'index.json', undefined],
    [{ [INDEX]: '<html>' }, INDEX, undefined],
    [{ [INDEX]: '{}' }, undefined, 'likely'],
    [{ [INDEX]: '{}', 'model.safetensors': '' }, undefined, undefined],
    [{ 'config.json': '{}' }, undefined, undefined],
    [{ 'pytorch_model.bin': '' }, undefined, 'likely'],
    [{ 'diffusion_pytorch_model.fp16.bin': '' }, undefined, 'likely'],
    [{ 'pytorch_model.bin': '' }, 'pytorch_model.bin', undefined],
    [{ 'pytorch_model.bin': '', 'model.safetensors': '' }, undefined, undefined],
    [{ 'pytorch_model-00001-of-00002.bin': '' }, undefined, undefined],
    [{ 'sub/pytorch_model.bin': '' }, undefined, undefined],
    [{ 'training_args.bin': '' }, undefined, undefined],
  ])('%j', async (files, entry, expectedClaim) => {
    expect(await claim(files, entry)).toBe(expectedClaim);
  });

  it('must be one model', async () => {
    expect(await refused({ [INDEX]: '{}', 'x.bin.index.json': '{}' })).toBe('ambiguous undefined');
    expect(await refused({ 'pytorch_model.bin': '', 'pytorch_model.fp16.bin': '' })).toBe(
      'ambiguous undefined',
    );
    expect(await refused({ 'config.json': '{}' })).toBe('not-found undefined');
  });
});
