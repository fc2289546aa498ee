import { torshpkg } from '@torsh/torshpkg';
import { sampleFrom, samplesIn, testFormat } from '../src/index.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);
const good = samplesIn(new URL('torshpkg/', fixtures), '.torshpkg');

testFormat({
  format: torshpkg(),
  good,
  others: [
    ...samplesIn(new URL('torch-save/', fixtures), '.pt'),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    sampleFrom(new URL('../docs/spec/vectors/valid/full.torsh', fixtures)),
  ],
  options: { damaged: good.filter(({ name }) => /default-save|empty|delta-base/.test(name)) },
});
