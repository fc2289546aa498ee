import { fromBytes } from '@torsh/bytes';
import { type Archive, type Json, type JsonObject, plan } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import { changed, opened, openFixture, written } from './fixtures.ts';

const bytesOf = async (archive: Archive, name: string): Promise<Uint8Array> => {
  const { data } = archive.models.get('model')!.tensors.get(name)!;
  return (await data.read(0, data.size)).slice();
};

/** Writes an archive and reads what was written. */
async function again(archive: Archive, options = {}, name = 'x.onnx') {
  const files = await written(onnx(options), archive, name);
  return { files, archive: await opened(onnx(), files, name) };
}

describe('weights with other numbers', () => {
  it('go where they were, also where they are longer in the model', async () => {
    // int32_data of [0, 1, -1, 127, -128, 32767, -32768, 100]: a negative number has ten bytes, a small one has one.
    const source = await openFixture('typed-int16.onnx');
    const data = new Uint8Array(16).fill(0xff);
    const { files, archive } = await again(changed(source, () => ({ data: fromBytes(data) })));
    expect(await bytesOf(archive, 'w')).toEqual(data);
    expect(archive.metadata.onnx).toEqual(source.metadata.onnx);
    expect(files.size).toBe(1);
  });

  it('stay in a file beside the model, between what belongs to nobody', async () => {
    const source = await openFixture('external-gaps');
    const data = new Uint8Array(24).fill(1);
    const { files } = await again(
      changed(source, (name) => (name === 'w' ? { data: fromBytes(data) } : undefined)),
    );
    const text = new TextDecoder('latin1').decode(files.get('weights.bin'));
    expect(text.slice(0, 4) + text.slice(28, 40) + text.slice(48)).toBe('HEADbetween themthe end');
    expect(files.get('weights.bin')!.subarray(4, 28)).toEqual(data);
  });

  it('get places of their own where they shared bytes and no longer do', async () => {
    const source = await openFixture('external-shared');
    const data = new Uint8Array(8).fill(9);
    const edited = changed(source, (name) => (name === 'part' ? { data: fromBytes(data) } : undefined));
    const { archive } = await again(edited);
    expect(await bytesOf(archive, 'part')).toEqual(data);
    for (const name of ['a', 'overlaps', 'bits', 'shape']) {
      expect(await bytesOf(archive, name), name).toEqual(await bytesOf(source, name));
    }
    expect([...archive.models.get('model')!.aliases]).toEqual([['same', 'a']]);
  });
});

describe('weights of another type or shape', () => {
  it.each(['ir-8.onnx', 'external-gaps', 'typed-float.onnx'])(
    'are written, with a note: %s',
    async (name) => {
      const source = await openFixture(name);
      const change = { dtype: 'F16', shape: [5], data: fromBytes(new Uint8Array(10).fill(3)) };
      const edited = changed(source, (each) => (each === 'w' ? change : undefined));
      const planned = plan(edited, onnx());
      expect(planned).toMatchObject({
        lossless: true,
        issues: [{ code: 'changed-weight', subject: expect.stringMatching(/^w:/) }],
      });
      const { archive } = await again(edited);
      expect(archive.models.get('model')!.tensors.get('w')).toMatchObject({ dtype: 'F16', shape: [5] });
      expect(await bytesOf(archive, 'w')).toEqual(new Uint8Array(10).fill(3));
      const others = (whole: Archive) =>
        [...whole.models.get('model')!.tensors.keys()].filter((each) => each !== 'w');
      for (const other of others(source))
        expect(await bytesOf(archive, other)).toEqual(await bytesOf(source, other));
    },
  );
});

it('what is not there, or has another name, is said before anything is written', async () => {
  const source = await openFixture('ir-8.onnx');
  const [model] = source.models.values();
  const weights = new Map([['v', { ...model!.tensors.get('w')!, name: 'v' }]]);
  const renamed = { ...source, models: new Map([['model', { ...model!, tensors: weights }]]) };
  expect(plan(renamed, onnx())).toMatchObject({
    possible: false,
    issues: [
      { severity: 'blocker', code: 'missing-weight', subject: 'w' },
      { severity: 'loss', code: 'extra-tensor', subject: 'v' },
    ],
  });
});

it('a file beside a model cannot have the name of the model', async () => {
  const source = await openFixture('external-gaps');
  await expect(again(source, {}, 'weights.bin')).rejects.toMatchObject({
    code: 'unsupported',
    path: 'weights.bin',
  });
});

describe('a record that somebody made up', () => {
  const recorded = (archive: Archive, change: (record: JsonObject) => JsonObject): Archive => ({
    ...archive,
    metadata: { onnx: change(archive.metadata.onnx as JsonObject) },
  });
  const tensors = (record: JsonObject) => record.tensors as readonly JsonObject[];
  const first = (change: JsonObject) => (record: JsonObject) => ({
    ...record,
    tensors: tensors(record).map((each, index) => (index === 0 ? { ...each, ...change } : each)),
  });

  it.each<[string, (record: JsonObject) => JsonObject]>([
    ['a place that is not in the graph', first({ place: 'graph/initializer[9]' })],
    ['a place twice', (record) => ({ ...record, tensors: [...tensors(record), ...tensors(record)] })],
    ['a byte in another message', first({ parts: [{ at: 0, field: 'raw_data', values: 24 }] })],
    ['a byte behind the graph', first({ parts: [{ at: 1e9, field: 'raw_data', values: 24 }] })],
    ['a field of another type', first({ parts: [{ at: 50, field: 'int64_data', values: 3 }] })],
  ])('%s', async (_, change) => {
    const made = recorded(await openFixture('ir-8.onnx'), change);
    await expect(again(made)).rejects.toMatchObject({ name: 'TorshError', code: 'malformed' });
  });

  it.each<[string, Json]>([
    ['no object', 'x'],
    ['another graph', { graph: '/etc/passwd', tensors: [], files: [] }],
    ['a size below zero', { graph: 'onnx/graph.onnx', tensors: [], files: [{ path: 'x', size: -1 }] }],
    [
      'a type that is none',
      { graph: 'onnx/graph.onnx', tensors: [{ name: 'w', place: 'x', dtype: 'F99', shape: [] }] },
    ],
  ])('is refused before anything is written: %s', async (_, metadata) => {
    const source = await openFixture('ir-8.onnx');
    expect(plan({ ...source, metadata: { onnx: metadata } }, onnx())).toMatchObject({
      possible: false,
      issues: expect.arrayContaining([expect.objectContaining({ severity: 'blocker', code: 'record' })]),
    });
  });

  it('with a file of another size than its parts have', async () => {
    const source = await openFixture('external-gaps');
    const made = recorded(source, (record) => ({
      ...record,
      files: [{ path: 'weights.bin', size: 4, gaps: 'onnx/gaps/0.bin' }],
    }));
    // Laid out anew: what the graph says is what counts.
    const { archive } = await again(made);
    expect(await bytesOf(archive, 'w')).toEqual(await bytesOf(source, 'w'));
  });
});
