import { pickle } from '@torsh/torch';
import { samplesIn, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

const good = samplesIn(new URL('bare-pickle/', fixtures), '.pkl', '.joblib');
const DAMAGED = new Set([
  'numpy-1-protocol-2.pkl',
  'numpy-2-protocol-0.pkl',
  'numpy-2-protocol-5.pkl',
  'torch-protocol-4.pkl',
  'torch-0.1.pkl',
  'python-2-protocol-2.pkl',
  'several.pkl',
  'joblib.joblib',
]);

testFormat({
  format: pickle(),
  good,
  others: [
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('torch-save/', fixtures), '.pt'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
    ...samplesIn(new URL('generate/', fixtures), '.py'),
  ],
  options: { damaged: good.filter(({ name }) => DAMAGED.has(name)) },
});
