import { torchLegacy } from '../../src/index.ts';
import { testFixtures } from '../fixture-tests.ts';

testFixtures('torch-legacy', torchLegacy());
