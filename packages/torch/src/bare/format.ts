import type { Format } from '@torsh/core';
import { detect } from './detect.ts';
import { read, TORCH } from './read.ts';

/** Pickles without a container: tensors or numpy arrays, by `pickle.dump` or `joblib.dump`. */
export function pickle(): Format {
  return {
    id: 'pickle',
    title: 'Pickle of tensors or arrays',
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
    },
  };
}
