import type { Format } from '@torsh/core';
import { objects } from '../yields.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Pickles without a container: tensors or numpy arrays, by `pickle.dump` or `joblib.dump`. */
export function pickle(): Format {
  return {
    id: 'pickle',
    title: 'Pickle of tensors or arrays',
    detect,
    reader: {
      yields: objects,
      open: read,
    },
  };
}
