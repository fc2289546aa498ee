import type { Format } from '@torsh/core';
import { objectsAndFiles } from '../yields.ts';
import { check } from '../zip/check.ts';
import { detect } from './detect.ts';
import { read } from './read.ts';

/** Exported programs (`.pt2`): torch.export.save of torch 2.0 and later, and packages of AOTInductor. */
export function torchExport(): Format {
  return {
    id: 'torch-export',
    title: 'PyTorch exported program (torch.export)',
    detect,
    reader: {
      yields: objectsAndFiles,
      open: read,
      check,
    },
  };
}
