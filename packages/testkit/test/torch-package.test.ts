import { torchPackage } from '@torsh/torch';
import { everythingOf, samplesIn, testFormat } from '../src/index.ts';
import { checkpoints, fixtures } from './checkpoints.ts';

const good = samplesIn(new URL('torch-package/', fixtures), '.pt');

/** One of each shape, small enough that all of their bytes have their turn. */
const DAMAGED = ['tensor.pt', 'minimal.pt'];

const format = torchPackage();

/** All that an archive can say of itself and a package can say, too. */
const SAID = { dependencies: { modules: ['cv2'] } };
const whole = everythingOf(format.writer!.accepts);

testFormat({
  format,
  good,
  others: [
    ...checkpoints,
    ...samplesIn(new URL('torchscript/', fixtures), '.pt', '.ptl'),
    ...samplesIn(new URL('torch-export/', fixtures), '.pt2'),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  options: {
    everything: { ...whole, metadata: { ...whole.metadata, torsh: SAID } },
    damaged: good.filter(({ name }) => DAMAGED.includes(name)),
    mutations: { everyByteUpTo: 512 },
  },
});
