import type { Format } from '@torsh/core';
import { objectsAndFiles } from '../yields.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Checkpoints of torch.save as it wrote them before torch 1.6, and still does when asked to. */
export function torchLegacy(): Format {
  return {
    id: 'torch-legacy',
    title: 'PyTorch checkpoint (torch.save before 1.6)',
    detect,
    reader: {
      yields: objectsAndFiles,
      open: read,
    },
  };
}
