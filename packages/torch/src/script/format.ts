import type { Format } from '@torsh/core';
import { objectsAndFiles } from '../yields.ts';
import { check } from '../zip/check.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Modules of TorchScript: `torch.jit.save` of every age, and what the lite interpreter loads on telephones. */
export function torchScript(): Format {
  return {
    id: 'torchscript',
    title: 'TorchScript module (torch.jit.save)',
    detect,
    reader: {
      yields: objectsAndFiles,
      open: read,
      check,
    },
  };
}
