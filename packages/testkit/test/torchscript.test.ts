import { torchScript } from '@torsh/torch';
import { samplesIn, testFormat } from '../src/index.ts';
import { checkpoints, fixtures } from './checkpoints.ts';

const good = samplesIn(new URL('torchscript/', fixtures), '.pt', '.ptl').filter(
  ({ name }) => name !== 'flatbuffer.ptl',
);

/** One of each shape, small enough that all of their bytes have their turn. */
const DAMAGED = ['tiny.pt', 'sparse.pt', 'frozen.pt', 'model-json-1.0.pt', 'model-json-1.2.pt'];

testFormat({
  format: torchScript(),
  good,
  others: [
    ...checkpoints,
    ...samplesIn(new URL('torchscript/', fixtures), 'flatbuffer.ptl'),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  options: { damaged: good.filter(({ name }) => DAMAGED.includes(name)), mutations: { everyByteUpTo: 4096 } },
});
