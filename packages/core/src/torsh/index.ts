import type { Format } from '../format.ts';
import { check } from './check.ts';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { read } from './read.ts';
import { type Compression, write } from './write.ts';

const everything = {
  dtypes: 'all',
  models: 'many',
  aliases: true,
  resources: true,
  metadata: 'all',
  modelMetadata: true,
} as const;

export { parseJson } from './json.ts';
export { isFileRole } from './manifest.ts';
export type { Compression } from './write.ts';

/** How .torsh archives are written. */
export interface TorshOptions {
  /** Code and resources as deflate, each where that makes it smaller; stored where absent. Weights are always stored. */
  readonly compression?: Compression | undefined;
}

/** The open archive of torsh: docs/spec/torsh-1.md. An ordinary format, with no private doors. */
export function torsh({ compression }: TorshOptions = {}): Format {
  return {
    id: 'torsh',
    title: 'torsh archive',
    detect,
    reader: { yields: everything, open: read, check },
    writer: {
      accepts: everything,
      layout: 'file',
      suffix: '.torsh',
      examine,
      write: (archive, output, name, context) => write(archive, output, name, context, compression),
    },
  };
}
