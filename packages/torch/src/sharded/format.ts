import type { Format } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Checkpoints in shards with an index: `pytorch_model.bin.index.json`. */
export function torchSharded(): Format {
  return {
    id: 'torch-sharded',
    title: 'PyTorch checkpoint in shards (pytorch_model.bin.index.json)',
    detect,
    reader: {
      yields: {
        dtypes: 'all',
        models: 'one',
        aliases: true,
        resources: false,
        metadata: [TORCH],
        modelMetadata: true,
      },
      open: read,
    },
  };
}
