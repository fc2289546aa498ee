import { torchSave } from '../../src/index.ts';
import { testFixtures } from '../fixture-tests.ts';

testFixtures('torch-save', torchSave());
