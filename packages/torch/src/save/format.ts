import type { Format } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import { check } from '../zip/check.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Checkpoints of torch.save in their ZIP form (torch 1.6 and later). */
export function torchSave(): Format {
  return {
    id: 'torch-save',
    title: 'PyTorch checkpoint (torch.save)',
    detect,
    reader: {
      yields: {
        dtypes: 'all',
        models: 'many',
        aliases: true,
        resources: false,
        metadata: [TORCH],
        modelMetadata: true,
      },
      open: read,
      check,
    },
  };
}
