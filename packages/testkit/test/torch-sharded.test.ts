import { torchLegacy, torchSave, torchSharded } from '@torsh/torch';
import { type Sample, samplesIn, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

const INDEX = 'pytorch_model.bin.index.json';

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

testFormat({
  format: torchSharded(),
  good: [shards('zip'), shards('legacy')],
  others: [
    ...samplesIn(new URL('torch-save/', fixtures), '.pt').slice(0, 20),
    ...samplesIn(new URL('safetensors/hub/plain/', fixtures), '.json', '.safetensors'),
  ],
  options: { formats: [torchSave(), torchLegacy()] },
});
