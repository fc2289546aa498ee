import type { Format } from '@torsh/core';
import { detect } from './detect.ts';
import { read, TORCH } from './read.ts';

/** Checkpoints of torch.save as it wrote them before torch 1.6, and still does when asked to. */
export function torchLegacy(): Format {
  return {
    id: 'torch-legacy',
    title: 'PyTorch checkpoint (torch.save before 1.6)',
    detect,
    reader: {
      yields: {
        dtypes: 'all',
        models: 'many',
        aliases: true,
        resources: true,
        metadata: [TORCH],
        modelMetadata: true,
      },
      open: read,
    },
  };
}
