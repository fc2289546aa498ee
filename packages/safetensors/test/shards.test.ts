import { toFiles } from '@torsh/bytes';
import { archive, model } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { safetensors } from '../src/index.ts';
import { contents, context, fixtures, tensor, tree, written } from './support.ts';

const INDEX = 'model.safetensors.index.json';
const plain = fixtures('hub/plain');
const sharded = safetensors({ maxShardBytes: 50 });
const tolerant = safetensors({ tolerant: true });

const open = (
  files: ReadonlyMap<string, Uint8Array | string>,
  entry?: string,
  format = safetensors(),
  lent = context(),
) => format.reader!.open({ files: tree(files), entry }, lent);

/** Files of bytes and of text. */
const mixed = (...files: [string, Uint8Array | string][]) => new Map<string, Uint8Array | string>(files);

const text = (name: string) => new TextDecoder().decode(plain.get(name));

/** The files of the hub with another index. */
const changed = (change: (index: string) => string) => mixed(...plain, [INDEX, change(text(INDEX))]);

describe('shards written by huggingface_hub', () => {
  it('are one model, in the order of the index', async () => {
    const lent = context();
    const read = await open(plain, INDEX, undefined, lent);
    expect(lent.issues).toEqual([]);
    expect([...read.models.keys()]).toEqual(['model']);
    const { tensors, metadata } = read.models.get('model')!;
    expect([...tensors.keys()]).toEqual(['big.weight', 'embed.weight', 'é.bias', 'norm.weight', '10', '9']);
    expect(metadata).toEqual({ format: 'pt' });
    const bias = await tensors.get('é.bias')!.data.read(0, 24);
    expect(new DataView(bias.slice().buffer).getBigInt64(16, true)).toBe(2n);
  });

  it('are written again byte for byte', async () => {
    expect(await written(sharded, await open(plain, INDEX), 'model')).toEqual(plain);
  });

  it('may record dropped tied names in the index, which become metadata', async () => {
    const read = await open(fixtures('hub/tied'), INDEX);
    expect(read.models.get('model')?.metadata).toEqual({ format: 'pt', 'head.weight': 'embed.weight' });
  });

  it('are found in a folder, with a note on what else is there', async () => {
    const lent = context();
    const read = await open(mixed(['config.json', '{}'], ...plain), undefined, undefined, lent);
    expect(read.models.get('model')?.tensors.size).toBe(6);
    expect(lent.issues.map(({ code }) => code)).toEqual(['other-files']);
  });

  it('may have other names and lie in a folder', async () => {
    const rename = (name: string) => name.replaceAll('model', 'diffusion_pytorch_model');
    const files = new Map<string, Uint8Array | string>(
      [...plain].map(([name, bytes]) => [`unet/${rename(name)}`, bytes]),
    );
    files.set(`unet/${rename(INDEX)}`, rename(text(INDEX)));
    expect((await open(files, `unet/${rename(INDEX)}`)).models.get('model')?.tensors.size).toBe(6);
  });
});

describe('shards that we write', () => {
  const rich = archive('torch', {
    models: [
      model(
        [
          tensor('a', 'C128', [2], 1),
          tensor('b', 'F32', [20], 2),
          tensor('1', 'QU4X2', [3], 3),
          tensor('c', 'F16', [2, 5], 4),
        ],
        {
          aliases: new Map([
            ['t', 'a'],
            ['u', 'c'],
          ]),
          metadata: { total_size: 'x', note: 'é' },
        },
      ),
    ],
  });

  it('keep everything that one file keeps', async () => {
    const files = await written(sharded, rich, 'model');
    expect([...files.keys()]).toEqual(
      [1, 2, 3].map((n) => `model-0000${n}-of-00003.safetensors`).concat(INDEX),
    );
    const alone = safetensors();
    const single = await open(await written(alone, rich, 'one.safetensors'), 'one.safetensors');
    const read = await open(files, INDEX);
    expect(await contents(read)).toEqual(await contents(single));
    expect(await written(sharded, read, 'model')).toEqual(files);
  });

  it('can be opened one by one', async () => {
    const files = await written(sharded, rich, 'model');
    const first = (await open(files, 'model-00002-of-00003.safetensors')).models.get('model')!;
    expect([first.tensors.get('a')?.dtype, [...first.aliases], first.metadata.note]).toEqual([
      'C128',
      [['t', 'a']],
      'é',
    ]);
  });

  it('are one file without an index where all fits', async () => {
    const format = safetensors({ maxShardBytes: 1000 });
    expect(format.writer?.layout).toBe('tree');
    expect([...(await written(format, rich, 'x')).keys()]).toEqual(['model.safetensors']);
    const empty = archive('x', { models: [model([])] });
    expect([...(await written(sharded, empty, 'x')).keys()]).toEqual(['model.safetensors']);
  });

  it('take the name of the file that was asked for', async () => {
    const names = [...(await written(sharded, rich, 'unet/pytorch.safetensors')).keys()];
    expect([names[0], names.at(-1)]).toEqual([
      'unet/pytorch-00001-of-00003.safetensors',
      'unet/pytorch.safetensors.index.json',
    ]);
    expect(
      (await open(await written(sharded, rich, 'unet/pytorch.safetensors'), names.at(-1))).models.size,
    ).toBe(1);
  });

  it('stop for a signal before the first file', async () => {
    const sink = toFiles();
    const lent = context({ signal: AbortSignal.abort('enough') });
    await expect(sharded.writer!.write(rich, sink, 'a', lent)).rejects.toBe('enough');
    expect(sink.files().size).toBe(0);
  });
});

describe('an index that is wrong', () => {
  const shard = 'model-00001-of-00003.safetensors';

  it.each([
    ['a shard above', (index: string) => index.replace(shard, '../x.safetensors'), 'unsafe'],
    ['an absolute shard', (index: string) => index.replace(shard, '/etc/passwd'), 'unsafe'],
    ['a shard with a drive', (index: string) => index.replace(shard, 'C:x'), 'unsafe'],
    ['a shard with a backslash', (index: string) => index.replace(shard, '..\\\\x'), 'unsafe'],
    ['a shard in a folder', (index: string) => index.replace(shard, 'sub/x.safetensors'), 'unsafe'],
    ['an empty shard name', (index: string) => index.replace(shard, ''), 'unsafe'],
    ['a shard that is not there', (index: string) => index.replace(shard, 'none.safetensors'), 'not-found'],
    ['itself as a shard', (index: string) => index.replace(shard, INDEX), 'malformed'],
    ['a tensor that is not there', (index: string) => index.replace('"big.weight"', '"none"'), 'malformed'],
    ['a tensor too few', (index: string) => index.replace(/ *"norm.weight".*\n/, ''), 'malformed'],
    [
      'a tensor elsewhere',
      (index: string) => index.replace(shard, 'model-00002-of-00003.safetensors'),
      'malformed',
    ],
    [
      'a name twice',
      (index: string) => index.replace('"weight_map": {', `"weight_map": {"9": "${shard}",`),
      'malformed',
    ],
    ['no weight_map', () => '{"metadata": {}}', 'malformed'],
    ['a number for a shard', (index: string) => index.replace(`"${shard}"`, '1'), 'malformed'],
    ['no JSON', () => 'not json', 'malformed'],
    ['something behind it', (index: string) => `${index}x`, 'malformed'],
  ])('has %s', async (_, change, code) => {
    await expect(open(changed(change), INDEX)).rejects.toMatchObject({ code, format: 'safetensors' });
  });

  it('is larger than 10 MB', async () => {
    const files = changed((index) => index + ' '.repeat(10 * 2 ** 20));
    await expect(open(files, INDEX)).rejects.toMatchObject({ code: 'limit' });
  });

  it('is one of two', async () => {
    const files = mixed(...plain, ['model.fp16.safetensors.index.json', text(INDEX)]);
    await expect(open(files)).rejects.toMatchObject({ code: 'ambiguous' });
  });

  it('is not there', async () => {
    await expect(open(new Map([['a.txt', 'a']]))).rejects.toMatchObject({ code: 'not-found' });
    await expect(open(new Map(), 'x.safetensors')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('may be read when told to be tolerant', async () => {
    const lent = context();
    const files = changed((index) => index.replace(/ *"norm.weight".*\n/, ''));
    const read = await open(files, INDEX, tolerant, lent);
    expect(read.models.get('model')?.tensors.has('norm.weight')).toBe(true);
    expect(lent.issues.map(({ code }) => code)).toEqual(['unmapped-tensor']);
  });
});

describe('the total_size of an index', () => {
  const files = [...plain].reduce((sum, [name, bytes]) => sum + (name === INDEX ? 0 : bytes.length), 0);

  it.each([
    [154, []],
    [files, []],
    [155, ['total-size']],
  ])('%i', async (size, codes) => {
    const lent = context();
    await open(
      changed((index) => index.replace('154', String(size))),
      INDEX,
      undefined,
      lent,
    );
    expect(lent.issues.map(({ code }) => code)).toEqual(codes);
  });

  it('and other metadata is kept as text', async () => {
    const files = changed((index) =>
      index.replace('154', '154, "total_parameters": 9, "by": "é", "list": [1, 2]'),
    );
    expect((await open(files, INDEX)).models.get('model')?.metadata).toEqual({
      format: 'pt',
      by: 'é',
      list: '[1, 2]',
    });
  });
});

it('metadata on which shards do not agree is a loss that is told', async () => {
  const [a, b] = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const whole = archive('x', { models: [model([tensor(name, 'U8', [1])], { metadata: { k: name } })] });
      return (await written(safetensors(), whole, name)).get(name)!;
    }),
  );
  const index = '{"weight_map":{"a":"a.safetensors","b":"b.safetensors"}}';
  const lent = context();
  const read = await open(
    mixed(['a.safetensors', a!], ['b.safetensors', b!], [INDEX, index]),
    INDEX,
    undefined,
    lent,
  );
  expect(read.models.get('model')?.metadata).toEqual({ k: 'a' });
  expect(lent.issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['loss metadata-conflict']);
});

it('an index cut off or changed at any byte is read or refused', async () => {
  const index = plain.get(INDEX)!;
  for (let at = 0; at < index.length; at++) {
    const flipped = index.slice();
    flipped[at] = flipped[at]! ^ 0x01;
    for (const bytes of [index.subarray(0, at), flipped]) {
      const opened = await open(new Map([...plain, [INDEX, bytes]]), INDEX).catch((error: unknown) => error);
      if (opened instanceof Error) expect(opened).toMatchObject({ name: 'TorshError' });
    }
  }
});
