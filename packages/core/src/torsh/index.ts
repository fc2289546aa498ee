import type { Format } from '../format.ts';
import { check } from './check.ts';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { read } from './read.ts';
import { write } from './write.ts';

const everything = {
  dtypes: 'all',
  models: 'many',
  aliases: true,
  resources: true,
  metadata: 'all',
  modelMetadata: true,
} as const;

/** The open archive of torsh: docs/spec/torsh-1.md. An ordinary format, with no private doors. */
export function torsh(): Format {
  return {
    id: 'torsh',
    title: 'torsh archive',
    detect,
    reader: { yields: everything, open: read, check },
    writer: { accepts: everything, layout: 'file', suffix: '.torsh', examine, write },
  };
}
