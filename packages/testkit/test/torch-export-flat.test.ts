import { torchExport } from '@torsh/torch';
import { samplesIn, testDamage } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

// The older layouts, in a file of their own, so that two cores share the work.
testDamage({
  format: torchExport(),
  good: samplesIn(new URL('torch-export/', fixtures), 'flat.pt2', 'layout-2.7.pt2'),
  others: [],
});
