import { type ByteSource, fromBytes, toFiles } from '@torsh/bytes';
import { archive, type Format, model } from '@torsh/core';
import { torchLegacy, torchSave, torchSharded } from '@torsh/torch';
import { describe } from 'vitest';
import { type Sample, samplesIn, sparseSource, testContext, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

const INDEX = 'pytorch_model.bin.index.json';
const BIG = 4 * 2 ** 20;

/** A model in shards, as it lies in a repository. */
const shards = (folder: string): Sample => ({
  name: `${folder} shards`,
  files: new Map(
    samplesIn(new URL(`torch-sharded/${folder}/`, fixtures), '.bin', '.json').flatMap(({ files }) => [
      ...files,
    ]),
  ),
  entry: INDEX,
});

/** A model that needed no shards, as it lies in a repository. */
const [bytes] = samplesIn(new URL('torch-sharded/zip/', fixtures), '.bin').flatMap(({ files }) => [
  ...files.values(),
]);
const whole: Sample = {
  name: 'a model in one file',
  files: new Map([
    ['config.json', new TextEncoder().encode('{}')],
    ['pytorch_model.bin', bytes!],
  ]),
};

const others = [
  ...samplesIn(new URL('torch-save/', fixtures), '.pt').slice(0, 20),
  ...samplesIn(new URL('safetensors/hub/plain/', fixtures), '.json', '.safetensors'),
];

/** A large model in one file, of which nothing but the weights is large. */
async function big(format: Format): Promise<{ source: ByteSource; entry: string }> {
  const tensor = { name: 'weight', dtype: 'U8', shape: [BIG], data: sparseSource(BIG) } as const;
  const output = toFiles();
  await format.writer!.write(archive('test', { models: [model([tensor])] }), output, 'big', testContext());
  const [[entry, file]] = [...output.files()] as [[string, Uint8Array]];
  return { source: fromBytes(file), entry };
}

const formats = [torchSave(), torchLegacy()];

describe('in shards', async () => {
  // Larger than the largest tensor of everything, and smaller than all of them.
  const format = torchSharded({ maxShardBytes: 200 });
  testFormat({
    format,
    good: [shards('zip'), shards('legacy')],
    others,
    options: { formats, big: await big(format) },
  });
});

describe('in one file', async () => {
  const format = torchSharded();
  testFormat({ format, good: [whole], others, options: { formats, big: await big(format) } });
});
