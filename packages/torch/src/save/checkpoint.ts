import { type Archive, archive } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import type { OpenedObject } from '../open-object.ts';

/** What the file says of itself besides the object. */
export interface Facts {
  readonly protocol: number;
  readonly version: string | undefined;
  readonly byteOrder: 'little' | 'big' | undefined;
}

/** The archive of a checkpoint whose object is open. */
export function checkpoint(opened: OpenedObject, { protocol, version, byteOrder }: Facts): Archive {
  return archive('torch-save', {
    models: opened.models,
    metadata: {
      [TORCH]: {
        kind: 'torch.save',
        protocol,
        ...(version === undefined ? {} : { version }),
        ...(byteOrder === undefined ? {} : { byteorder: byteOrder }),
        ...opened.structure,
      },
    },
    incidental: opened.plain ? [TORCH] : [],
  });
}
