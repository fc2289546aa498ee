import { TorshError } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Context,
  entrySource,
  type Input,
  type Model,
  type Shape,
} from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import { reporter } from '../object/report.ts';
import { byteOrderOf } from '../zip/byte-order.ts';
import { openContainer } from '../zip/container.ts';
import { reportContainer } from '../zip/report.ts';
import { factsOf } from './facts.ts';
import { openModelJson } from './model-json/open.ts';
import { openModule } from './module.ts';
import { reportPickles } from './pickles.ts';
import { resourcesOf } from './resources.ts';

/** The model is the state dict, all of it. */
const SHAPE = { kind: 'torchscript', title: 'TorchScript module', roles: { weights: [''] } } satisfies Shape;

/** Opens a module: its pickles and the declarations of its classes are read, tensors are windows on their records. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined)
    throw new TorshError('unsupported', 'A TorchScript module is a file, not a folder.');
  const container = await openContainer(source, context);
  const report = reporter(context);
  reportContainer(container, report);
  const bigEndian = (await byteOrderOf(container)) === 'big';
  const { has } = container;
  const open = has('model.json') && !has('constants.pkl') ? openModelJson : openModule;
  const { models, facts, records, known } = await open({
    container,
    fileBytes: source.size,
    bigEndian,
    context,
    report,
  });
  const resources = resourcesOf(container, records);
  await reportPickles(resources, known, context, report);
  const code = resources.filter(({ role }) => role === 'code').length;
  if (code > 0) report('code', `The code (${code} files) is kept as it is, and nothing of it was run.`);
  return archive('torchscript', {
    models: withoutNothing(models),
    resources,
    metadata: {
      [TORCH]: { kind: 'torchscript', shape: SHAPE, ...(await factsOf(container, report)), ...facts },
    },
  });
}

/** A frozen module has no state, only constants: an empty model beside them would be taken for its weights. */
function withoutNothing(models: readonly Model[]): readonly Model[] {
  const held = models.filter(({ tensors }) => tensors.size > 0);
  return held.length > 0 ? held : models;
}
