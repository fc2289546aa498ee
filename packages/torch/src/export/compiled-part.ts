import type { Json, Tensor } from '@torsh/core';
import { malformed } from '../object/errors.ts';
import { names } from '../object/names.ts';
import { type CompiledWeight, parseCompiledWeights } from './aoti-config.ts';
import { jsonRecord, type Opening, type Part, recordOf } from './opening.ts';
import { openRecord } from './pickled.ts';
import { rawTensors } from './raw-tensors.ts';

/** Opens the weights that AOTInductor left outside of its library: views on tensors of torch.save. */
export async function compiledPart(opening: Opening, folder: string, path: string): Promise<Part> {
  const { context } = opening;
  const parse = (text: string) => parseCompiledWeights(text, context.limits);
  const weights = await jsonRecord(recordOf(opening, path), path, context, parse);
  const { take } = names(context.limits);
  const raw = rawTensors(opening);
  const tensors: Tensor[] = [];
  const look = await wholeTensors(opening, folder, weights.values());
  for (const [name, { file, size, stride, offset }] of weights) {
    const { view, storages, byteOrder } = look(file);
    const looked = { view: { ...view, size, stride, offset }, source: storages.source(view.storage) };
    const tensor = raw.add(take([name]), { ...looked, isZeros: false }, byteOrder === 'big');
    if (tensor !== undefined) tensors.push(tensor);
  }
  raw.finish();
  return {
    tensors,
    aliases: raw.aliases,
    names: new Set(weights.keys()),
    facts: { tensors: factsOf(weights) },
    plain: true,
  };
}

/** The one tensor of each file. */
async function wholeTensors(opening: Opening, folder: string, weights: Iterable<CompiledWeight>) {
  const files = new Set(Array.from(weights, ({ file }) => file));
  const opened = new Map<string, Awaited<ReturnType<typeof wholeTensor>>>();
  for (const file of files) opened.set(file, await wholeTensor(opening, folder + file));
  return (file: string) => opened.get(file)!;
}

async function wholeTensor(opening: Opening, path: string) {
  const { opened, storages, byteOrder } = await openRecord(opening, path);
  const [first, second] = opened.walked.found;
  if (first === undefined || second !== undefined || first.name !== 'tensor')
    throw malformed(`The record ${path} should hold one tensor, and does not.`, path);
  return { view: first.view, storages, byteOrder };
}

function factsOf(weights: ReadonlyMap<string, CompiledWeight>): Json {
  const facts: { [name: string]: Json } = Object.create(null);
  for (const [name, { file, stride, offset }] of weights)
    facts[name] = { file, stride, ...(offset === 0 ? {} : { offset }) };
  return facts;
}
