import type { Format } from '@torsh/core';
import { ONNX } from './archive/record.ts';
import { detect } from './detect.ts';
import { examine } from './examine.ts';
import { SUFFIX } from './locate.ts';
import { draw, summarise, validate } from './look.ts';
import { checkOptions, type OnnxOptions } from './options.ts';
import { read } from './read.ts';
import { ONNX_DTYPES } from './tensor/types.ts';
import { keeps } from './write/keeps.ts';
import { write } from './write/write.ts';

/** ONNX models, with the files beside them, as a format. */
export function onnx(options: OnnxOptions = {}): Format {
  checkOptions(options);
  const content = {
    dtypes: ONNX_DTYPES,
    models: 'one',
    aliases: true,
    resources: true,
    metadata: [ONNX],
    modelMetadata: false,
  } as const;
  return {
    id: ONNX,
    title: 'ONNX model',
    detect,
    reader: { yields: content, open: read },
    writer: {
      accepts: content,
      layout: 'files',
      suffix: SUFFIX,
      examine,
      keeps: (archive, limits, name) => keeps(archive, limits, name, options),
      write: (archive, output, name, context) => write(archive, output, name, context, options),
    },
    validate,
    summarise,
    draw,
  };
}
