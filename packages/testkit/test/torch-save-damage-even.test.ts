import { checkpoints } from './checkpoints.ts';
import { testTorchSaveDamage } from './torch-save-damage.ts';

// Two files, so that two cores share the work.
testTorchSaveDamage(checkpoints.filter((_, index) => index % 2 === 0));
