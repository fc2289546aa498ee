import type { Format } from '@torsh/core';
import { TORCH } from '../../object/namespace.ts';
import { torchTypes } from '../../object/storage-types.ts';
import { objectsAndFiles } from '../../yields.ts';
import { check } from '../../zip/check.ts';
import { PACKAGE } from './dependencies.ts';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { keeps } from './keeps.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Packages of torch.package: objects with their code and files, in one ZIP or in the folder that is left of one. */
export function torchPackage(): Format {
  return {
    id: 'torch-package',
    title: 'PyTorch package (torch.package)',
    detect,
    reader: {
      yields: { ...objectsAndFiles, metadata: [TORCH, PACKAGE] },
      open: read,
      // A folder has nothing to compare its files with.
      check: async (input, context, damaged) => {
        if (input.entry !== undefined) await check(input, context, damaged);
      },
    },
    writer: {
      accepts: {
        ...objectsAndFiles,
        dtypes: torchTypes,
        metadata: [TORCH, PACKAGE],
        modelMetadata: ['format'],
      },
      layout: 'file',
      // `.pt` alone is a checkpoint.
      suffix: '.package.pt',
      examine,
      keeps,
      write,
    },
  };
}
