import { type ByteSource, readAll, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { Pickle } from '@torsh/pickle';
import type { Storage } from '../object/view.ts';
import { walk } from '../object/walk.ts';
import { readPickle } from '../open-object.ts';
import { byteOrderOf } from '../zip/byte-order.ts';
import { promisedBytes } from './lost.ts';
import { prove } from './prove.ts';
import { findRecords, type Records } from './records.ts';
import type { Wreck } from './wreck.ts';

const PICKLE = 'data.pkl';

/** What is left of a checkpoint that is a ZIP. A storage counts if its bytes are all there and its check sum is right. */
export async function zipWreck(source: ByteSource, context: Context): Promise<Wreck> {
  const wanted = new Map<string, Storage>();
  const record = (key: string) => `data/${key}`;
  let pickle: Pickle | undefined;
  const found = await findRecords(source, context, {
    async found(name, { source: bytes }) {
      if (name !== PICKLE || bytes === undefined) return;
      pickle = readPickle(await readAll(bytes, context.limits.pickleBytes, context), PICKLE, context);
      const { found, extra } = walk(pickle.value, { limits: context.limits, record });
      for (const { view } of [...found, ...extra.found]) wanted.set(view.storage.record, view.storage);
    },
    promised(name) {
      const storage = wanted.get(name);
      return storage === undefined ? undefined : promisedBytes(storage);
    },
  });
  if (pickle === undefined) throw withoutObject(found, source.size);
  const lost = await prove(wanted, found, context);
  const byteorder = await byteOrder(found, context);
  const order = byteorder === undefined ? '; no record of the byte order was found, so little is taken' : '';
  const cutOff = `The directory at the end of the file is missing: records were found from the front${order}.`;
  const sources = new Map<string, ByteSource>();
  for (const [name, { source: bytes }] of found.records) if (bytes !== undefined) sources.set(name, bytes);
  return {
    kind: 'torch.save',
    pickle,
    path: PICKLE,
    record,
    sources,
    lost,
    bigEndian: byteorder === 'big',
    byteorder,
    cutOff: found.directory ? undefined : cutOff,
  };
}

function withoutObject({ records }: Records, size: number): TorshError {
  const other = ['constants.pkl', '.data/extern_modules', 'archive_format'].find((name) => records.has(name));
  if (other !== undefined) {
    return new TorshError(
      'unsupported',
      `Salvage recovers checkpoints of torch.save, and a file with a record ${other} is something else.`,
    );
  }
  const what = records.get(PICKLE)?.trouble === 'damaged' ? 'is damaged' : 'is not there as a whole';
  return new TorshError(
    'truncated',
    `The object that names the tensors (${PICKLE}) ${what}; without it no byte of the ${size} has a name, and nothing can be recovered. Fetch or save the file again.`,
    { path: PICKLE },
  );
}

/** The byte order record is short and mostly first, but it may be what was cut off. */
async function byteOrder({ records }: Records, context: Context): Promise<'little' | 'big' | undefined> {
  const source = records.get('byteorder')?.source;
  const text = async () =>
    source === undefined ? undefined : new TextDecoder().decode(await readAll(source, 4096, context));
  return byteOrderOf({ text });
}
