import { checkShardBytes, type Format } from '@torsh/core';
import { torchTypes } from '../object/storage-types.ts';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { keeps } from './keeps.ts';
import { SUFFIX } from './names.ts';
import type { ShardedOptions } from './options.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Checkpoints in shards with an index (`pytorch_model.bin.index.json`), or without where all is in one `pytorch_model.bin`. */
export function torchSharded(options: ShardedOptions = {}): Format {
  if (options.maxShardBytes !== undefined) checkShardBytes(options.maxShardBytes);
  return {
    id: 'torch-sharded',
    title: 'PyTorch checkpoint in shards (pytorch_model.bin.index.json)',
    detect,
    reader: {
      // A model that needed no shards is whatever its file is.
      yields: {
        dtypes: 'all',
        models: 'many',
        aliases: true,
        resources: true,
        metadata: 'all',
        modelMetadata: true,
      },
      open: read,
    },
    writer: {
      accepts: {
        dtypes: torchTypes,
        models: 'one',
        aliases: true,
        resources: false,
        metadata: [],
        modelMetadata: ['format'],
      },
      layout: 'tree',
      suffix: SUFFIX,
      examine: (archive) => examine(archive, options),
      keeps: (archive, limits) => keeps(archive, limits, options),
      write: (archive, output, _, context) => write(archive, output, context, options),
    },
  };
}
