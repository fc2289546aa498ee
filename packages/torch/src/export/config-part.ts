import type { Json, Tensor } from '@torsh/core';
import { malformed } from '../object/errors.ts';
import { names } from '../object/names.ts';
import { denseStrides } from '../object/view.ts';
import { type Payload, parseConfig } from './config-file.ts';
import { jsonRecord, type Opening, type Part, recordOf } from './opening.ts';
import { openRecord, underNames } from './pickled.ts';
import { rawTensors } from './raw-tensors.ts';
import { rawView } from './raw-view.ts';

/** Opens the weights or constants that a config lists: raw storages as views, pickled tensors in place. */
export async function configPart(
  opening: Opening,
  folder: string,
  path: string,
  bigEndian: boolean,
): Promise<Part> {
  const { context, report } = opening;
  const parse = (text: string) => parseConfig(text, context.limits);
  const { payloads, unknown } = await jsonRecord(recordOf(opening, path), path, context, parse);
  for (const field of unknown)
    report('unknown-field', `${path} has the field ${field}, which torsh does not keep.`, field, 'loss');
  const { take } = names(context.limits);
  const tensors: Tensor[] = [];
  const aliases = new Map<string, string>();
  const structures: { [file: string]: Json } = Object.create(null);
  const raw = rawTensors(opening);
  const sharers = pickledTensors(payloads);
  let plain = true;
  let zeros = 0;

  const addPickled = async (file: string): Promise<void> => {
    const { opened } = await openRecord(opening, folder + file, underNames(sharers.get(file)!));
    const [model] = opened.models;
    for (const tensor of model!.tensors.values()) {
      if (take([tensor.name]) !== tensor.name)
        throw malformed(`There are two tensors called ${JSON.stringify(tensor.name)}.`, path);
      tensors.push(tensor);
    }
    for (const [alias, owner] of model!.aliases) aliases.set(take([alias]), owner);
    structures[file] = opened.structure;
    plain &&= opened.plain;
  };

  for (const [name, { file, meta, pickled }] of payloads) {
    if (!pickled) {
      const record = recordOf(opening, folder + file);
      const look = rawView(name, file, folder + file, record, meta!);
      if (look.isZeros && meta!.device === 'meta') {
        report('no-data', `${name} is not extracted: a meta tensor has a shape but no data.`, name);
        continue;
      }
      if (look.isZeros) zeros++;
      const tensor = raw.add(take([name]), look, bigEndian);
      if (tensor !== undefined) tensors.push(tensor);
    } else if (meta === undefined) {
      // An object that is no tensor: its record must be there, and stays as it is.
      if (!opening.container.has(folder + file)) recordOf(opening, folder + file);
      plain = false;
    } else if (sharers.get(file)![0] === name) await addPickled(file);
  }
  raw.finish();
  if (zeros > 0)
    report(
      'zeros',
      `${zeros} tensors of ${path} were saved without data; they are zeros, as torch loads them.`,
      path,
    );
  return {
    tensors,
    aliases: new Map([...aliases, ...raw.aliases]),
    names: new Set(payloads.keys()),
    facts: {
      tensors: factsOf(payloads),
      ...(Object.keys(structures).length === 0 ? {} : { pickled: structures }),
    },
    plain,
  };
}

/** File → the names of the tensor that was pickled into it: more than one name is one object. */
function pickledTensors(payloads: ReadonlyMap<string, Payload>): ReadonlyMap<string, readonly string[]> {
  const sharers = new Map<string, string[]>();
  for (const [name, { file, pickled, meta }] of payloads) {
    if (!pickled || meta === undefined) continue;
    const known = sharers.get(file);
    if (known === undefined) sharers.set(file, [name]);
    else known.push(name);
  }
  return sharers;
}

/** What was said of each name besides its type and shape; what is usual is left out. */
function factsOf(payloads: ReadonlyMap<string, Payload>): Json {
  const facts: { [name: string]: Json } = Object.create(null);
  for (const [name, { file, parameter, pickled, meta }] of payloads) {
    const strided = meta !== undefined && meta.stride.join() !== denseStrides(meta.size).join();
    facts[name] = {
      file,
      ...(parameter ? { parameter } : {}),
      ...(pickled ? { pickled } : {}),
      ...(meta?.requiresGrad === true ? { requires_grad: true } : {}),
      ...(meta !== undefined && meta.device !== 'cpu' ? { device: meta.device } : {}),
      ...(strided ? { stride: meta.stride } : {}),
      ...(meta !== undefined && meta.offset !== 0 ? { offset: meta.offset } : {}),
      ...(meta?.device === 'meta' ? { dtype: meta.type.dtype, size: meta.size } : {}),
    };
  }
  return facts;
}
