import { webPlatform } from '@torsh/bytes';
import type { Content, Format } from '@torsh/core';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { keptRecord, prepareKept, readBack } from './kept.ts';
import { check, open } from './read.ts';
import { NAMESPACE } from './record.ts';
import { write } from './write.ts';

const content: Content = {
  dtypes: 'all',
  models: 'many',
  aliases: true,
  resources: true,
  metadata: 'all',
  modelMetadata: true,
};

export { applyDelta } from './apply-delta.ts';
export type { Delta, DeltaOperation } from './delta.ts';
export { formatDelta, parseDelta } from './delta.ts';

/** Packages of the Rust crate torsh-package (`.torshpkg`) as a format. */
export function torshpkg(): Format {
  return {
    id: NAMESPACE,
    title: 'package of the Rust crate torsh-package (.torshpkg)',
    detect,
    reader: { yields: content, open, check },
    writer: {
      accepts: content,
      layout: 'file',
      suffix: '.torshpkg',
      examine,
      async keeps(archive, limits) {
        const record = keptRecord(archive);
        if (record === undefined) return archive;
        return readBack(archive, await prepareKept(archive, record, { limits, platform: webPlatform }));
      },
      write,
    },
  };
}
