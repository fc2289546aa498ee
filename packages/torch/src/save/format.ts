import type { Format } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import { torchTypes } from '../object/storage-types.ts';
import { objects } from '../yields.ts';
import { check } from '../zip/check.ts';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { keeps } from './keeps.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Checkpoints of torch.save in their ZIP form (torch 1.6 and later). */
export function torchSave(): Format {
  return {
    id: 'torch-save',
    title: 'PyTorch checkpoint (torch.save)',
    detect,
    reader: {
      yields: objects,
      open: read,
      check,
    },
    writer: {
      accepts: {
        dtypes: torchTypes,
        models: 'many',
        aliases: true,
        resources: false,
        metadata: [TORCH],
        modelMetadata: ['format'],
      },
      layout: 'file',
      suffix: '.pt',
      examine,
      keeps,
      write,
    },
  };
}
