import { torchTar } from '@torsh/torch';
import { samplesIn, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

testFormat({
  format: torchTar(),
  good: [
    ...samplesIn(new URL('torch-tar/', fixtures), '.pt'),
    ...samplesIn(new URL('scan-cases/', fixtures), 'legacy_tar.pt'),
  ],
  others: [
    ...samplesIn(new URL('torch-legacy/', fixtures), 'tiny.pt'),
    ...samplesIn(new URL('torch-save/', fixtures), 'tiny.pt'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  options: { damaged: samplesIn(new URL('torch-tar/', fixtures), 'shared.pt', 'prototype.pt') },
});
