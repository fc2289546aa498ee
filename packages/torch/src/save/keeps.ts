import { concat, type Limits } from '@torsh/bytes';
import { type Archive, archive, DEFAULT_MODEL, model } from '@torsh/core';
import { storages } from '../data/storages.ts';
import { openObject, readPickle } from '../open-object.ts';
import { mainOf, prepare } from '../prepare-object.ts';
import { pickleObject } from '../write-object.ts';
import { checkpoint } from './checkpoint.ts';

/** The archive as `read` finds it in what `write` makes of it: the object in the modern form, the tensors as they are. */
export function keeps(whole: Archive, limits: Limits): Archive {
  const { bytes, storages: files } = pickleObject(prepare(whole, limits), limits);
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
  const kept = opened.models.map(({ name, metadata }) => {
    const from = name === DEFAULT_MODEL ? mainOf(whole) : whole.models.get(name);
    return model(from?.tensors.values() ?? [], { name, aliases: from?.aliases ?? new Map(), metadata });
  });
  return archive(whole.origin, { models: kept, metadata: made.metadata, incidental: made.incidental });
}
