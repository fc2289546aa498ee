import { torchLegacy } from '@torsh/torch';
import { samplesIn, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';
import { bigLegacy } from './torch-legacy-big.ts';

const good = samplesIn(new URL('torch-legacy/', fixtures), '.pt').filter(
  ({ name }) => name !== 'huge-expanded.pt',
);

testFormat({
  format: torchLegacy(),
  good,
  others: [
    ...samplesIn(new URL('torch-save/', fixtures), 'tiny.pt'),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
    ...samplesIn(new URL('pickle/', fixtures), '.pkl'),
  ],
  options: {
    // One of each way of writing such a file; all others differ in their tensors only.
    damaged: good.filter(({ name }) => /^(tiny|views|python|stretches|whole-module-own|storages)/.test(name)),
    big: { source: bigLegacy(), entry: 'big.pt' },
    // What is taken at first, which may hold weights of a file with a short pickle.
    slack: 2 ** 20 + 64 * 1024,
  },
});
