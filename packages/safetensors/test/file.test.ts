import { toFiles } from '@torsh/bytes';
import { archive, model, plan } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { safetensors } from '../src/index.ts';
import { bytesIn, contents, context, fixtures, tensor, tree, written } from './support.ts';

const format = safetensors();
const rich = archive('safetensors', {
  models: [
    model(
      [
        tensor('w', 'F32', [2, 3], 1),
        tensor('z', 'C128', [2], 2),
        tensor('c', 'BC32', [3], 3),
        tensor('q', 'QU4X2', [5], 4),
        tensor('q8', 'QI8', [2, 2], 5),
        tensor('e', 'F8_E4M3', [0, 3]),
        tensor('s', 'BOOL', []),
        tensor('é😀"\n', 'I64', [1], 6),
        tensor('10', 'U8', [1], 7),
      ],
      {
        aliases: new Map([
          ['head', 'w'],
          ['9', 'z'],
        ]),
        metadata: { license: 'x\n"é', empty: '' },
      },
    ),
  ],
});

const open = (files: ReadonlyMap<string, Uint8Array>, entry: string, lent = context()) =>
  format.reader!.open({ files: tree(files), entry }, lent);

describe('one file', () => {
  it('keeps types, tied names and metadata', async () => {
    expect(plan(rich, format)).toMatchObject({ lossless: true, possible: true, issues: [] });
    const files = await written(format, rich, 'out.safetensors');
    expect([...files.keys()]).toEqual(['out.safetensors']);
    expect(await contents(await open(files, 'out.safetensors'))).toEqual(await contents(rich));
  });

  it('gives the same bytes twice, and again from what was read', async () => {
    const first = await written(format, rich, 'a.safetensors');
    expect(await written(format, rich, 'a.safetensors')).toEqual(first);
    expect(await written(format, await open(first, 'a.safetensors'), 'a.safetensors')).toEqual(first);
  });

  it.each([...fixtures('golden')])('is written again byte for byte: %s', async (name, bytes) => {
    const files = new Map([[name, bytes]]);
    const again = await written(format, await open(files, name), name);
    expect(again.get(name)).toEqual(bytes);
  });

  it('says format pt where the model came from torch and does not say otherwise', async () => {
    const from = async (origin: string, metadata: Record<string, string>) => {
      const whole = archive(origin, { models: [model([tensor('a', 'U8', [1])], { metadata })] });
      const read = await open(await written(format, whole, 'a.safetensors'), 'a.safetensors');
      return read.models.get('model')?.metadata;
    };
    expect(await from('torch', {})).toEqual({ format: 'pt' });
    expect(await from('torch-legacy', { a: 'b' })).toEqual({ a: 'b', format: 'pt' });
    expect(await from('torch', { format: 'np' })).toEqual({ format: 'np' });
    expect(await from('onnx', {})).toEqual({});
  });

  it('tells how far it is', async () => {
    const lent = context();
    const sink = toFiles();
    await format.writer!.write(rich, sink, 'a', lent);
    const last = lent.steps.at(-1);
    expect(last).toEqual({ stage: 'writing', done: sink.files().get('a')?.length, total: last?.total });
    expect(last?.done).toBe(last?.total);
  });

  it('a shard on its own is read with a note', async () => {
    const lent = context();
    await open(fixtures('hub/plain'), 'model-00001-of-00003.safetensors', lent);
    expect(lent.issues.map(({ code }) => code)).toEqual(['one-shard']);
  });
});

describe('what cannot be', () => {
  it('is known from the plan', () => {
    const codes = (parts: Parameters<typeof archive>[1]) =>
      plan(archive('torch', parts), format).issues.map(({ severity, code }) => `${severity} ${code}`);
    const one = model([tensor('a', 'U8', [1])]);
    expect(codes({ models: [one], metadata: { torch: {} } })).toEqual(['loss metadata']);
    expect(codes({ models: [model([], { name: 'first' }), model([], { name: 'second' })] })).toEqual([
      'blocker many-models',
    ]);
    expect(codes({ models: [model([tensor('__metadata__', 'U8', [1])])] })).toEqual(['blocker tensor']);
    expect(codes({ models: [model([tensor('', 'U8', [1])])] })).toEqual(['blocker tensor']);
    expect(codes({ models: [model([tensor('a\0', 'U8', [1])])] })).toEqual(['blocker tensor']);
    expect(codes({ models: [model([tensor('\ud800', 'U8', [1])])] })).toEqual(['blocker tensor']);
    expect(codes({ models: [model([tensor('a', 'F4', [3])])] })).toEqual(['blocker tensor']);
    expect(codes({ models: [model([], { metadata: { 'torsh.dtypes': '{}' } })] })).toEqual([
      'loss reserved-metadata',
    ]);
  });

  it('creates no file', async () => {
    const sink = toFiles();
    const bad = archive('x', { models: [model([tensor('__metadata__', 'U8', [1])])] });
    await expect(format.writer!.write(bad, sink, 'a', context())).rejects.toMatchObject({
      code: 'unsupported',
    });
    const wrong = archive('x', { models: [model([{ ...tensor('a', 'U8', [1]), shape: [2] }])] });
    await expect(format.writer!.write(wrong, sink, 'a', context())).rejects.toThrow(TypeError);
    const two = archive('x', { models: [model([], { name: 'a' }), model([], { name: 'b' })] });
    await expect(format.writer!.write(two, sink, 'a', context())).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(sink.files().size).toBe(0);
  });

  it('is an option that is no number of bytes', () => {
    for (const maxShardBytes of [0, -1, 1.5, Number.NaN])
      expect(() => safetensors({ maxShardBytes })).toThrow(TypeError);
  });
});

describe('declarations that do not fit', () => {
  const bad = (key: string, value: string) =>
    archive('x', { models: [model([tensor('a', 'F64', [2])], { metadata: { [key]: value } })] });

  it.each([
    ['torsh.dtypes', '{"a":{"dtype":"C128","shape":[2]}}'],
    ['torsh.aliases', '{"b":"c"}'],
    ['torsh.aliases', ''],
  ])('%s %s', async (key, value) => {
    const files = await written(format, bad(key, value), 'a.safetensors');
    await expect(open(files, 'a.safetensors')).rejects.toMatchObject({
      code: 'malformed',
      path: 'a.safetensors',
    });
    const lent = context();
    const read = await safetensors({ tolerant: true }).reader!.open(
      { files: tree(files), entry: 'a.safetensors' },
      lent,
    );
    expect(lent.issues.map(({ code }) => code)).toEqual(['declarations']);
    expect(read.models.get('model')).toMatchObject({ metadata: { [key]: value } });
    expect(read.models.get('model')?.tensors.get('a')?.dtype).toBe('F64');
  });
});

describe('a signal', () => {
  it('stops reading', async () => {
    const lent = context({ signal: AbortSignal.abort('enough') });
    await expect(open(fixtures('golden'), 'shapes.safetensors', lent)).rejects.toBe('enough');
  });

  it.each([undefined, 10])(
    'stops writing and leaves nothing open, maxShardBytes %s',
    async (maxShardBytes) => {
      const control = new AbortController();
      const lent = context({ signal: control.signal });
      const ended: string[] = [];
      const sink = toFiles();
      const watched = {
        ...sink,
        create: async (path: string) => {
          const file = await sink.create(path);
          return {
            get position() {
              return file.position;
            },
            write: async (bytes: Uint8Array) => {
              control.abort('enough');
              await file.write(bytes);
            },
            close: async () => void ended.push('closed'),
            abort: async () => void ended.push('aborted'),
          };
        },
      };
      const writing = safetensors({ maxShardBytes }).writer!.write(rich, watched, 'a.safetensors', lent);
      await expect(writing).rejects.toBe('enough');
      expect(ended).toEqual(['aborted']);
    },
  );
});

it('opens without reading a tensor', async () => {
  const [[name, bytes]] = [...fixtures('golden')] as [[string, Uint8Array]];
  let read = 0;
  const source = {
    size: bytes.length,
    read: async (offset: number, length: number) => {
      read += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  const files = { list: async function* () {}, open: async () => source };
  const opened = await format.reader!.open({ files, entry: name }, context());
  const tensors = [...opened.models.get('model')!.tensors.values()];
  const data = tensors.reduce((sum, each) => sum + each.data.size, 0);
  expect(read).toBe(bytes.length - data);
  await bytesIn(tensors[0]!.data);
  expect(read).toBe(bytes.length - data + tensors[0]!.data.size);
});
