import { type Content, checkShardBytes, type Format } from '@torsh/core';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import type { SafetensorsOptions } from './options.ts';
import { open } from './read.ts';
import { write } from './write.ts';

export type { SafetensorsOptions } from './options.ts';

const content: Content = {
  dtypes: 'all',
  models: 'one',
  aliases: true,
  resources: false,
  metadata: [],
  modelMetadata: true,
};

/** safetensors files, alone or in shards with an index, as a format. */
export function safetensors(options: SafetensorsOptions = {}): Format {
  const { maxShardBytes } = options;
  if (maxShardBytes !== undefined) checkShardBytes(maxShardBytes);
  return {
    id: 'safetensors',
    title: 'safetensors',
    detect,
    reader: { yields: content, open: (input, context) => open(input, context, options) },
    writer: {
      accepts: content,
      layout: maxShardBytes === undefined ? 'file' : 'tree',
      suffix: '.safetensors',
      examine: (archive) => examine(archive, options),
      write: (archive, output, name, context) => write(archive, output, name, context, options),
    },
  };
}
