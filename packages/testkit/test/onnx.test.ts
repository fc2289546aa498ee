import { readdirSync } from 'node:fs';
import { type ByteSource, concat, fromBytes } from '@torsh/bytes';
import { onnx } from '@torsh/onnx';
import { describe, expect, it } from 'vitest';
import { inputOf, type Sample, samplesIn, sparseSource, testContext, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

const root = new URL('onnx/', fixtures);

/** A model with the files beside it, as far as it names them by one folder. */
const beside = (folder: string): Sample => ({
  name: folder,
  files: new Map([...filesIn(`${folder}/`)].map(([path, bytes]) => [path.slice(folder.length + 1), bytes])),
  entry: 'model.onnx',
});

function filesIn(folder: string): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const entry of readdirSync(new URL(folder, root), { withFileTypes: true })) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) for (const [inner, bytes] of filesIn(`${path}/`)) found.set(inner, bytes);
    else
      for (const { files } of samplesIn(new URL(folder, root), entry.name))
        found.set(path, [...files.values()][0]!);
  }
  return found;
}

const single = samplesIn(root, '.onnx');
const several = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => beside(name));
const named = (name: string) => [...single, ...several].find((each) => each.name === name)!;

/** One of everything that goes together in a model with files beside it. */
const everything = await onnx().reader!.open(inputOf(named('external-shared')), testContext());

/** A model whose one weight has four megabytes, of zeros. */
function big(): ByteSource {
  const size = 4 * 2 ** 20;
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
  // dims, data_type UINT8, name "w", raw_data
  const tensor = [0x08, ...varint(size), 0x10, 2, 0x42, 1, 0x77, 0x4a, ...varint(size)];
  const graph = [0x12, 1, 0x67, 0x2a, ...varint(tensor.length + size), ...tensor];
  const head = [0x08, 10, 0x3a, ...varint(graph.length + size), ...graph];
  return concat([fromBytes(Uint8Array.from(head)), sparseSource(size)]);
}

const source = big();
const hurt = ['if.onnx', 'functions.onnx', 'sparse.onnx', 'typed-int16.onnx', 'wire-long-lengths.onnx'];

testFormat({
  format: onnx(),
  good: [...single, ...several],
  others: [
    ...samplesIn(new URL('torch-save/', fixtures), '.pt').slice(0, 20),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip').slice(0, 20),
  ],
  options: {
    everything,
    big: { source, entry: 'big.onnx' },
    damaged: [...hurt, 'external-gaps'].map(named),
  },
});

describe.each([
  ['beside the model', onnx({ externalData: 1 })],
  ['in a safetensors file', onnx({ weightsIn: 'safetensors' })],
  ['in the model', onnx({ externalData: Number.POSITIVE_INFINITY })],
] as const)('with weights %s', (_, format) => {
  testFormat({
    format,
    good: ['if.onnx', 'typed-int16.onnx', 'empty-tensors.onnx', 'external-shared', 'external-gaps'].map(
      named,
    ),
    others: [],
    options: { everything, big: { source, entry: 'big.onnx' }, damaged: [] },
  });
});

it('has a model for every way of storing something', () => {
  expect(single.length + several.length).toBeGreaterThanOrEqual(80);
});
