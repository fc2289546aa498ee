import { torchSave } from '@torsh/torch';
import { everythingOf, samplesIn, testFormat } from '../src/index.ts';
import { checkpoints, fixtures } from './checkpoints.ts';

const format = torchSave();

testFormat({
  format,
  good: checkpoints,
  others: [
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  // In two files of their own, so that two cores share the work.
  // Without a structure a checkpoint is one state dict; with one it has a place for what is in no state dict.
  options: { damaged: [], everything: everythingOf({ ...format.writer!.accepts, models: 'one' }) },
});
