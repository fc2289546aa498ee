import { torchSave } from '@torsh/torch';
import { samplesIn, testDamage } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

// What is hostile already, damaged: an attack that misses by one byte must not hit something else.
testDamage({
  format: torchSave(),
  good: [
    ...samplesIn(new URL('scan-cases/', fixtures), '.pt', '.zip'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
    ...samplesIn(new URL('torch-save/', fixtures), 'huge-expanded.pt'),
  ],
  others: [],
});
