import { torchTar } from '../../src/index.ts';
import { testFixtures } from '../fixture-tests.ts';

testFixtures('torch-tar', torchTar());
