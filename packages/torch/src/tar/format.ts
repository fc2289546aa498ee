import type { Format } from '@torsh/core';
import { objectsAndFiles } from '../yields.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Checkpoints of torch.save as torch 0.1 wrote them: a tar of four files. */
export function torchTar(): Format {
  return {
    id: 'torch-tar',
    title: 'PyTorch checkpoint (torch.save of torch 0.1, a tar)',
    detect,
    reader: {
      yields: objectsAndFiles,
      open: read,
    },
  };
}
