import { defaultLimits, fromBytes, fromFiles, isTorshError, toFiles, webPlatform } from '@torsh/bytes';
import {
  type Archive,
  archive,
  bytesOf,
  compare,
  createContext,
  type DType,
  model,
  type Progress,
  plan,
  type Tensor,
} from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torchSave, torchSharded } from '../../src/index.ts';

const INDEX = 'pytorch_model.bin.index.json';
const formats = [torchSave(), torchSharded()];
const options = { formats, platform: webPlatform };
const small = torchSharded({ maxShardBytes: 24 });

const shard = (number: number, of: number) => `pytorch_model-0000${number}-of-0000${of}.bin`;

const tensor = (name: string, dtype: DType, shape: readonly number[]): Tensor => ({
  name,
  dtype,
  shape,
  data: fromBytes(new Uint8Array(bytesOf(dtype, shape)).map((_, index) => name.charCodeAt(0) + index)),
});

/** Names that are tied lie on both sides of a border between shards. */
const tied = archive('x', {
  models: [
    model(
      [tensor('a', 'F32', [4]), tensor('b', 'F32', [3]), tensor('c', 'F32', [20]), tensor('d', 'I64', [])],
      {
        aliases: new Map([
          ['z.head', 'a'],
          ['y.head', 'd'],
          ['x.head', 'a'],
        ]),
      },
    ),
  ],
});

async function write(whole: Archive, format = small, overrides = {}) {
  const output = toFiles();
  const context = { ...createContext(options), ...overrides };
  await format.writer!.write(whole, output, 'name of a folder', context);
  return output.files();
}

const open = (files: ReadonlyMap<string, Uint8Array>, entry?: string) => {
  const tree = fromFiles(new Map(Array.from(files, ([path, bytes]) => [path, fromBytes(bytes)])));
  const format = entry === undefined || entry === INDEX ? torchSharded() : torchSave();
  return format.reader!.open({ files: tree, entry }, createContext(options));
};

const codes = (whole: Archive, format = small) =>
  plan(whole, format).issues.map(({ severity, code }) => `${severity} ${code}`);

describe('shards', () => {
  it('are dealt out in order, the larger one by itself before the one that is being filled', async () => {
    const files = await write(tied);
    expect([...files.keys()]).toEqual([shard(1, 3), shard(2, 3), shard(3, 3), INDEX]);
    const { metadata, weight_map } = JSON.parse(new TextDecoder().decode(files.get(INDEX)));
    expect(metadata).toEqual({ total_size: 16 + 12 + 80 + 8 });
    expect(Object.entries(weight_map)).toEqual([
      ['a', shard(1, 3)],
      ['z.head', shard(1, 3)],
      ['x.head', shard(1, 3)],
      ['c', shard(2, 3)],
      ['b', shard(3, 3)],
      ['d', shard(3, 3)],
      ['y.head', shard(3, 3)],
    ]);
  });

  it('are checkpoints that can be opened one by one, with tied names beside their owners', async () => {
    const files = await write(tied);
    const first = await open(files, shard(1, 3));
    expect([...first.models.get('model')!.tensors.keys()]).toEqual(['a']);
    expect(first.models.get('model')!.aliases).toEqual(
      new Map([
        ['z.head', 'a'],
        ['x.head', 'a'],
      ]),
    );
    expect([...first.incidental]).toEqual(['torch']);
    // Tensors under names: what torch-save makes of the same part, under the same name.
    const output = toFiles();
    const part = model([tensor('c', 'F32', [20])]);
    await torchSave().writer!.write(
      archive('x', { models: [part] }),
      output,
      shard(2, 3),
      createContext(options),
    );
    expect(files.get(shard(2, 3))).toEqual(output.files().get(shard(2, 3)));
  });

  it.each([
    ['by their folder', undefined],
    ['by their index', INDEX],
  ])('are the same model again, %s', async (_, entry) => {
    const back = await open(await write(tied), entry);
    expect(await compare(back, tied, options)).toEqual([]);
    expect(await compare(back, await small.writer!.keeps!(tied, defaultLimits, 'x'), options)).toEqual([]);
  });

  it('are written again from what was read', async () => {
    const files = await write(tied);
    // The larger tensor comes first now, and stays where it is.
    const again = await write(await open(files));
    expect([...again.keys()]).toEqual([...files.keys()]);
    expect(await compare(await open(again), tied, options)).toEqual([]);
  });

  it('are one work: progress begins once and ends once', async () => {
    const seen: Progress[] = [];
    await write(tied, small, { progress: (each: Progress) => void seen.push(each) });
    expect(new Set(seen.map(({ total }) => total)).size).toBe(1);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort((a, b) => a - b));
    expect(seen.at(-1)!.done).toBeGreaterThanOrEqual(seen.at(-1)!.total);
  });

  it('stop for a signal before the first byte', async () => {
    const output = toFiles();
    const context = { ...createContext(options), signal: AbortSignal.abort('enough') };
    await expect(small.writer!.write(tied, output, 'x', context)).rejects.toBe('enough');
    expect(output.files().size).toBe(0);
  });

  it('have a size above nothing', () => {
    for (const maxShardBytes of [0, -1, 1.5, Number.NaN])
      expect(() => torchSharded({ maxShardBytes })).toThrow(TypeError);
  });
});

describe('one file', () => {
  it('is enough where everything fits, and has no index', async () => {
    const files = await write(tied, torchSharded());
    expect([...files.keys()]).toEqual(['pytorch_model.bin']);
    const back = await open(files);
    expect(await compare(back, tied, options)).toEqual([]);
    expect(back.models.get('model')!.aliases.size).toBe(3);
  });

  it('is enough for nothing', async () => {
    const empty = archive('x', { models: [model([])] });
    const files = await write(empty);
    expect([...files.keys()]).toEqual(['pytorch_model.bin']);
    expect((await open(files)).models.get('model')!.tensors.size).toBe(0);
  });
});

describe('the plan', () => {
  const one = [tensor('a', 'F32', [2])];
  const of = (parts: Parameters<typeof archive>[1]) => archive('x', { models: [model(one)], ...parts });

  it.each<[what: string, whole: Archive, expected: string[]]>([
    ['nothing of tensors under names', tied, []],
    [
      'what a checkpoint has besides them',
      of({ metadata: { torch: { kind: 'torch.save' } } }),
      ['loss metadata'],
    ],
    [
      'what is only the form of a file',
      of({ metadata: { torch: {} }, incidental: ['torch'] }),
      ['note metadata'],
    ],
    [
      'text',
      of({ models: [model(one, { metadata: { format: 'pt', note: 'x' } })] }),
      ['loss model-metadata'],
    ],
    ['the name of a model', of({ models: [model(one, { name: 'decoder' })] }), ['note model-name']],
    ['another model', of({ models: [model(one), model(one, { name: 'extra' })] }), ['loss model']],
    [
      'several models of which none is the usual one',
      of({ models: ['x', 'y'].map((name) => model(one, { name })) }),
      ['blocker many-models'],
    ],
    ['a scale that nobody said', of({ models: [model([tensor('q', 'QI8', [2])])] }), ['note no-scale']],
    [
      'a scale that the object says',
      of({ models: [model([tensor('q', 'QI8', [2])])], metadata: { torch: {} } }),
      ['loss metadata', 'loss no-scale'],
    ],
    ['half of a pair', of({ models: [model([tensor('f', 'F4', [2, 1])])] }), ['blocker tensor']],
  ])('says of %s', (_, whole, expected) => {
    expect(codes(whole)).toEqual(expected);
  });

  it('refuses names that an index cannot hold', () => {
    const whole = archive('x', { models: [model([tensor('\ud800', 'F32', [4]), tensor('b', 'F32', [4])])] });
    expect([codes(whole), codes(whole, torchSharded())]).toEqual([['blocker tensor'], ['blocker tensor']]);
  });

  it('refuses an index that no reader would take, before anything is created', async () => {
    const names = Array.from({ length: 12 }, (_, index) => String(index).padEnd(2 ** 20, 'x'));
    const whole = archive('x', { models: [model(names.map((name) => tensor(name, 'F32', [4])))] });
    expect(codes(whole)).toEqual(['blocker index']);
    const output = toFiles();
    const error: unknown = await small
      .writer!.write(whole, output, 'x', createContext(options))
      .catch((each) => each);
    expect([isTorshError(error, 'limit'), output.files().size]).toEqual([true, 0]);
  });
});
