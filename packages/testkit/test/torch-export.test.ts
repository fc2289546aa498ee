import { torchExport } from '@torsh/torch';
import { type Sample, samplesIn, testFormat } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';
import { bigExport } from './torch-export-big.ts';

const programs = samplesIn(new URL('torch-export/', fixtures), '.pt2');
const named = (...names: readonly string[]): Sample[] =>
  programs.filter(({ name }) => names.includes(name.replace('.pt2', '')));

testFormat({
  format: torchExport(),
  good: programs,
  others: [
    ...samplesIn(new URL('torch-save/', fixtures), '.pt').slice(0, 20),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  // One of each layout; most of the others is the text of a program.
  options: {
    damaged: named('linear', 'compiled', 'subclass', 'repacked'),
    big: { source: await bigExport(), entry: 'big.pt2' },
  },
});
