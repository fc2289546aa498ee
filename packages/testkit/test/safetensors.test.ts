import { readFileSync } from 'node:fs';
import { safetensors } from '@torsh/safetensors';
import { type Sample, samplesIn, testFormat } from '../src/index.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** A model in shards, as it lies in a repository. */
const shards = (folder: string): Sample => ({
  name: `${folder} shards`,
  files: new Map(
    samplesIn(new URL(`safetensors/hub/${folder}/`, fixtures), '.safetensors', '.json').flatMap(
      ({ files }) => [...files],
    ),
  ),
  entry: 'model.safetensors.index.json',
});
const golden = samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors');

testFormat({
  format: safetensors(),
  good: [...golden, shards('plain'), shards('tied')],
  others: [
    ...samplesIn(new URL('torch-save/', fixtures), '.pt').slice(0, 20),
    ...samplesIn(new URL('attacks/', fixtures), '.zip').slice(0, 20),
    {
      name: 'README.md',
      files: new Map([['a', new Uint8Array(readFileSync(new URL('attacks/README.md', fixtures)))]]),
      entry: 'a',
    },
  ],
});
