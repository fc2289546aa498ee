import { samplesIn } from '../src/index.ts';

export const fixtures = new URL('../../../fixtures/', import.meta.url);

/** Every checkpoint of torch.save that can be opened; the one left out is hostile: gigabytes from four bytes. */
export const checkpoints = samplesIn(new URL('torch-save/', fixtures), '.pt').filter(
  ({ name }) => name !== 'huge-expanded.pt',
);
