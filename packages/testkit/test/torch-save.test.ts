import { torchSave } from '@torsh/torch';
import { samplesIn, testFormat } from '../src/index.ts';
import { checkpoints, fixtures } from './checkpoints.ts';

testFormat({
  format: torchSave(),
  good: checkpoints,
  others: [
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  // In two files of their own, so that two cores share the work.
  options: { damaged: [] },
});
