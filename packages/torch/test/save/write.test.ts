import { readdirSync, readFileSync } from 'node:fs';
import { defaultLimits, fromBytes, fromFiles, toFiles, webPlatform } from '@torsh/bytes';
import {
  type Archive,
  archive,
  compare,
  createContext,
  type JsonObject,
  model,
  plan,
  rename,
} from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torchSave } from '../../src/index.ts';

const folder = new URL('../../../../fixtures/torch-save/', import.meta.url);
const format = torchSave();
const options = { formats: [format], platform: webPlatform };
const context = createContext(options);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

async function open(bytes: Uint8Array, name = 'x.pt'): Promise<Archive> {
  const files = fromFiles(new Map([[name, fromBytes(bytes)]]));
  return format.reader!.open({ files, entry: name }, context);
}

async function write(whole: Archive, name = 'x.pt'): Promise<Uint8Array> {
  const output = toFiles();
  await format.writer!.write(whole, output, name, context);
  await output.close();
  return output.files().get(name)!;
}

const codes = (whole: Archive): string[] =>
  plan(whole, format).issues.map(({ severity, code }) => `${severity} ${code}`);

const names = readdirSync(folder).filter((name) => name.endsWith('.pt') && name !== 'huge-expanded.pt');

describe('what was read comes back', () => {
  it.each(names)('%s', async (name) => {
    const source = await open(bytesOf(name), name);
    expect(codes(source)).toEqual([]);
    const back = await open(await write(source, name), name);
    const kept = await format.writer!.keeps!(source, defaultLimits, 'x.pt');
    expect(await compare(back, kept, options)).toEqual([]);
    // The tensors are those of the source itself, under all their names.
    expect(await compare(back, { ...source, metadata: {} }, options)).toEqual([]);
  });

  // Made by torch 2.13 with its defaults: storages, views, modules, optimizers, quantised and sparse tensors.
  it.each([
    'tiny.pt',
    'tied.pt',
    'views.pt',
    'transposed.pt',
    'flat-buffer.pt',
    'cycles.pt',
    'training-adam.pt',
    'whole-module.pt',
    'per-channel-qint8.pt',
    'sparse-coo.pt',
    'nested.pt',
    'meta.pt',
  ])('%s byte for byte', async (name) => {
    expect(await write(await open(bytesOf(name), name), name)).toEqual(bytesOf(name));
  });
});

describe('a structure that does not fit any more', () => {
  const changed = (whole: Archive, structure: JsonObject): Archive => ({
    ...whole,
    metadata: { torch: { ...(whole.metadata.torch as JsonObject), ...structure } },
  });

  it('is left for a state dict, and the plan says so', async () => {
    const training = await open(bytesOf('training-adam.pt'));
    const [first] = training.models.get('model')!.tensors.keys();
    const renamed = rename(training, [{ from: first!, to: 'other' }]);
    expect(codes(renamed)).toEqual(['loss structure']);
    const back = await open(await write(renamed));
    expect([...back.incidental]).toEqual(['torch']);
    expect(back.models.get('model')!.tensors.has('other')).toBe(true);
    // Nothing but names is lost of this one.
    const tied = await open(bytesOf('tied.pt'));
    const [name] = tied.models.get('model')!.tensors.keys();
    expect(codes(rename(tied, [{ from: name!, to: 'other' }]))).toEqual(['note structure']);
  });

  it.each<[string, JsonObject]>([
    ['a tensor that is not there', { structure: { $tensor: 'none' } }],
    ['a tensor with something to say that nobody knows', { structure: { $tensor: 'x', colour: 'red' } }],
    ['a storage that is not listed', { structure: { $storage: '9' } }],
    ['a stride that is no list', { structure: { $tensor: 'weight', stride: 7 } }],
    ['a tag that is none', { structure: { $strange: 1 } }],
    [
      'a storage whose bytes nobody has',
      { storages: { '7': { class: 'ByteStorage', location: 'cpu', numel: 3, tensors: [] } } },
    ],
    ['another kind of file', { kind: 'torchscript' }],
    ['several objects in the place of one', { kind: 'torch.save sharded', structure: undefined as never }],
    ['an object without the tensors', { structure: {} }],
  ])('%s', async (_, structure) => {
    const source = changed(await open(bytesOf('views.pt')), structure);
    expect(codes(source).map((code) => code.split(' ')[1])).toContain('structure');
    await open(await write(source));
  });
});

describe('an archive that never was a checkpoint', () => {
  const tensor = (name: string, dtype: 'F32' | 'QI8' | 'F4', shape: readonly number[], bytes: number) =>
    ({ name, dtype, shape, data: fromBytes(new Uint8Array(bytes).fill(7)) }) as const;

  it('becomes a state dict whose tied names share a storage', async () => {
    const whole = archive('x', {
      models: [model([tensor('a', 'F32', [2], 8)], { aliases: new Map([['b', 'a']]) })],
    });
    expect(codes(whole)).toEqual([]);
    const back = await open(await write(whole));
    expect(await compare(back, whole, options)).toEqual([]);
    expect(back.models.get('model')!.aliases).toEqual(new Map([['b', 'a']]));
  });

  it.each<[string, Archive, string[]]>([
    [
      'integers without a scale',
      archive('x', { models: [model([tensor('q', 'QI8', [2], 2)])] }),
      ['note no-scale'],
    ],
    ['half an F4 pair', archive('x', { models: [model([tensor('f', 'F4', [3], 2)])] }), ['blocker tensor']],
    [
      'two models',
      archive('x', { models: [model([], { name: 'one' }), model([], { name: 'two' })] }),
      ['blocker many-models'],
    ],
    [
      'a model beside the usual one',
      archive('x', { models: [model([]), model([tensor('a', 'F32', [2], 8)], { name: 'two' })] }),
      ['loss model'],
    ],
    ['a model of another name', archive('x', { models: [model([], { name: 'one' })] }), ['note model-name']],
  ])('%s', (_, whole, wanted) => {
    expect(codes(whole)).toEqual(wanted);
  });
});
