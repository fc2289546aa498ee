import { concat, type Limits } from '@torsh/bytes';
import { type Archive, archive, DEFAULT_MODEL, type Model, model, type Tensor } from '@torsh/core';
import { fillArrays } from '../data/array-bytes.ts';
import { storages } from '../data/storages.ts';
import { openObject, readPickle } from '../open-object.ts';
import { mainOf, prepare } from '../prepare-object.ts';
import { pickleObject } from '../write-object.ts';
import { checkpoint } from './checkpoint.ts';

/** The archive as `read` finds it in what `write` makes of it: the object in the modern form, the tensors as they are. */
export async function keeps(whole: Archive, limits: Limits): Promise<Archive> {
  const prepared = prepare(whole, limits);
  await fillArrays(prepared.arrays);
  const { bytes, storages: files } = pickleObject(prepared, limits);
  const path = 'data.pkl';
  const opened = openObject(
    {
      pickle: readPickle(bytes, path, { limits }),
      path,
      record: (key) => key,
      storages: storages(({ key }) => concat(files[Number(key)]?.sources ?? [])),
      fileBytes: Number.MAX_SAFE_INTEGER,
    },
    { limits },
    () => undefined,
  );
  const made = checkpoint(opened, {
    protocol: bytes[0] === 0x80 ? bytes[1]! : 0,
    version: '3',
    byteOrder: 'little',
  });
  const kept = opened.models.map((found) => {
    const { name, metadata } = found;
    const from = (name === DEFAULT_MODEL ? mainOf(whole) : whole.models.get(name)) ?? model([]);
    if (prepared.form === 'state dict')
      return model(from.tensors.values(), { name, aliases: from.aliases, metadata });
    return model(tensorsAs(found, from), { name, aliases: found.aliases, metadata });
  });
  return archive(whole.origin, { models: kept, metadata: made.metadata, incidental: made.incidental });
}

/** The tensors of the archive that the object has as tensors: arrays are values there, and copies tied no more. */
function* tensorsAs(found: Model, from: Model): Generator<Tensor> {
  for (const name of found.tensors.keys()) {
    const tensor = from.tensors.get(name) ?? from.tensors.get(from.aliases.get(name) ?? '');
    if (tensor !== undefined) yield { ...tensor, name };
  }
}
