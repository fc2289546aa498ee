import type { Format } from '@torsh/core';
import { detect } from './detect.ts';
import { read, TORCH } from './read.ts';

/** Checkpoints of torch.save as torch 0.1 wrote them: a tar of four files. */
export function torchTar(): Format {
  return {
    id: 'torch-tar',
    title: 'PyTorch checkpoint (torch.save of torch 0.1, a tar)',
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
