import { fromBytes } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Format,
  type Issue,
  type JsonObject,
  model,
  plan,
  torsh,
} from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import {
  changed,
  type Files,
  fixture,
  fixtureNames,
  lent,
  opened,
  openFixture,
  written,
} from './fixtures.ts';
import { message, text, varint } from './wire.ts';

async function planned(format: Format, whole: Archive, name: string) {
  expect(plan(whole, format).issues).toEqual([]);
  return written(format, whole, name);
}

it.each(fixtureNames)('gives %s back to the byte, by way of torsh', async (name) => {
  const { entry, files } = fixture(name);
  const stored = await planned(torsh(), await opened(onnx(), files, entry), 'x.torsh');
  const back = await planned(onnx(), await opened(torsh(), stored, 'x.torsh'), entry);
  expect([...back.keys()].sort()).toEqual([...files.keys()].sort());
  for (const [path, bytes] of files) expect(back.get(path), path).toEqual(bytes);
});

const external = (name: string, type: number, size: number, path: string, ...said: Uint8Array[]) =>
  message(
    5,
    varint(1, size),
    varint(2, type),
    text(8, name),
    message(13, text(1, 'location'), text(2, path)),
    ...said,
    varint(14, 1),
  );

describe('files beside a model of which no tensor is taken', () => {
  const bytes = (...all: number[]) => Uint8Array.from(all);
  const models: [what: string, files: Files][] = [
    [
      'because it is text',
      new Map([
        ['words', bytes(1, 2, 3)],
        ['m', external('w', 8, 1, 'words')],
      ]),
    ],
    [
      'because its type is of the future',
      new Map([
        ['new', bytes(4, 5)],
        ['m', external('w', 99, 4, 'new')],
      ]),
    ],
    [
      'because it ends within a byte',
      new Map([
        ['half', bytes(6, 7)],
        ['m', external('w', 23, 3, 'half')],
      ]),
    ],
    [
      'because it is empty',
      new Map([
        ['none', bytes()],
        ['m', external('w', 1, 0, 'none')],
      ]),
    ],
    [
      'and which are there all the same',
      new Map([
        ['left', bytes(8)],
        ['m', external('w', 1, 0, 'left')],
      ]),
    ],
    [
      'beside others',
      new Map([
        ['both', bytes(1, 2, 3, 4, 9, 9)],
        ['m', Uint8Array.from([...external('a', 1, 1, 'both'), ...external('w', 23, 3, 'both')])],
      ]),
    ],
  ];
  const whole = (files: Files): Files =>
    new Map([...files].map(([path, content]) => [path, path === 'm' ? graphOf(content) : content]));
  const graphOf = (tensors: Uint8Array) =>
    Uint8Array.from([...varint(1, 10), ...message(7, text(2, 'g'), tensors)]);

  it.each(models)('%s', async (_, parts) => {
    const files = whole(parts);
    const stored = await planned(torsh(), await opened(onnx(), files, 'm'), 'x.torsh');
    expect(await planned(onnx(), await opened(torsh(), stored, 'x.torsh'), 'm')).toEqual(files);
  });

  it('stay where others move away', async () => {
    const files = whole(models.at(-1)![1]);
    const moved = await written(onnx({ externalData: 1 }), await opened(onnx(), files, 'm'), 'm');
    expect([...moved.keys()].sort()).toEqual(['both', 'm', 'm.data']);
    expect(moved.get('both')).toEqual(files.get('both'));
    const back = await opened(onnx(), moved, 'm');
    expect([...back.models.get('model')!.tensors.keys()]).toEqual(['a']);
  });

  it('are not made anew for other weights', async () => {
    const files = whole(models.at(-1)![1]);
    const larger = changed(await opened(onnx(), files, 'm'), () => ({
      shape: [2],
      data: fromBytes(new Uint8Array(8)),
    }));
    await expect(written(onnx(), larger, 'm')).rejects.toMatchObject({ code: 'unsupported', path: 'both' });
  });

  it('are not written where a record wants them', async () => {
    const archive = await opened(onnx(), whole(models[3]![1]), 'm');
    const record = archive.metadata.onnx as JsonObject;
    const files = [{ path: '../up', size: 0 }];
    const hostile = { ...archive, metadata: { onnx: { ...record, files } } };
    await expect(written(onnx(), hostile, 'm')).rejects.toMatchObject({ code: 'malformed' });
  });
});

it('takes the places of packed weights along, which onnxruntime adds', async () => {
  const packed = message(13, text(1, 'prepacked_0'), text(2, 'key|4|2'));
  const model = Uint8Array.from([...varint(1, 10), ...message(7, external('w', 1, 1, 'a//./b', packed))]);
  const files = new Map([
    ['m', model],
    ['a/b', Uint8Array.of(1, 2, 3, 4, 5, 6)],
  ]);
  const archive = await opened(onnx(), files, 'm');
  expect(archive.models.get('model')!.tensors.get('w')!.data.size).toBe(4);
  expect(await written(onnx(), archive, 'm')).toEqual(files);
});

it('takes out every weight that can be given back', async () => {
  const kept: string[] = [];
  for (const name of fixtureNames) {
    const issues: Issue[] = [];
    const { entry, files } = fixture(name);
    await opened(onnx(), files, entry, lent(issues));
    if (issues.some(({ code }) => code === 'kept-in-graph')) kept.push(name);
  }
  expect(kept).toEqual(['odd-nibbles.onnx', 'strings.onnx', 'typed-float6e2m3.onnx', 'wrong-size.onnx']);
});

it('makes no graph up', () => {
  const weights = archive('safetensors', { models: [model([])] });
  expect(plan(weights, onnx())).toMatchObject({ possible: false, issues: [{ code: 'no-graph' }] });
});

it('joins what it lends', async () => {
  // The graph is many stretches of the file: whoever reads across them gets the same bytes.
  const { data } = (await openFixture('functions.onnx')).resources.get('onnx/graph.onnx')!;
  const whole = (await data.read(0, data.size)).slice();
  for (let at = 0; at < data.size; at += 7) {
    const length = Math.min(40, data.size - at);
    expect(await data.read(at, length)).toEqual(whole.subarray(at, at + length));
  }
});
