import { type ByteSource, locateError, readAll, TorshError } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Context,
  DEFAULT_MODEL,
  entrySource,
  head,
  type Input,
  type Issue,
  type Model,
  model,
} from '@torsh/core';
import type { Pickle } from '@torsh/pickle';
import { storages } from '../data/storages.ts';
import type { Named } from '../object/register.ts';
import { reporter } from '../object/report.ts';
import type { Storage } from '../object/view.ts';
import { walk } from '../object/walk.ts';
import { type OpenedObject, openObject, readPickle } from '../open-object.ts';
import { byteOrderOf } from '../zip/byte-order.ts';
import { type Lost, type LostStorage, lostIssues, lostJson, lostTensor, promisedBytes } from './lost.ts';
import { absent, prove } from './prove.ts';
import { findRecords, type Records } from './records.ts';

/** What could be recovered from a checkpoint, and what could not. */
export interface Salvage {
  /** Every tensor whose bytes are all there, and all that is said of the others. */
  readonly archive: Archive;
  readonly lost: readonly Lost[];
  /** True for a file with nothing wrong: it needs no salvage. */
  readonly sound: boolean;
  readonly issues: readonly Issue[];
}

const PICKLE = 'data.pkl';

/**
 * Recovers whole tensors from a checkpoint of torch.save that was cut off or damaged. The object at the front of the file
 * names them; a storage counts if all its bytes are there and its check sum, where there is one, is right.
 */
export async function salvage(input: Input, context: Context): Promise<Salvage> {
  try {
    return await recover(input, context);
  } catch (error) {
    throw locateError(error, { path: input.entry });
  }
}

async function recover(input: Input, context: Context): Promise<Salvage> {
  const issues: Issue[] = [];
  const noting: Context = { ...context, report: (issue) => void issues.push(issue) };
  const source = await checkpoint(input, context);
  const wanted = new Map<string, Storage>();
  const record = (key: string) => `data/${key}`;
  let pickle: Pickle | undefined;
  const records = await findRecords(source, context, {
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
  if (pickle === undefined) throw withoutObject(records, source.size);

  const lostStorages = await prove(wanted, records, context);
  const byteorder = await byteOrder(records, context);
  const opened = openObject(
    {
      pickle,
      path: PICKLE,
      record,
      storages: storages((storage) =>
        lostStorages.has(storage.record) ? absent(storage) : records.records.get(storage.record)?.source,
      ),
      bigEndian: byteorder === 'big',
      fileBytes: source.size,
    },
    noting,
    reporter(noting),
  );
  const lost = lostTensors(opened, lostStorages);
  if (!records.directory) {
    const order =
      byteorder === undefined ? '; no record of the byte order was found, so little is taken' : '';
    const message = `The directory at the end of the file is missing: records were found from the front${order}.`;
    issues.unshift({ severity: 'note', code: 'cut-off', message });
  }
  issues.push(...lostIssues(lost));
  return {
    archive: recovered(opened, pickle, lost, byteorder),
    lost,
    sound: records.directory && lost.length === 0,
    issues,
  };
}

/** Every name of every tensor that cannot be used: the tensors in the order of the object, then their other names. */
function lostTensors({ walked }: OpenedObject, storages: ReadonlyMap<string, LostStorage>): Lost[] {
  return [...lostOf(walked, storages), ...lostOf(walked.extra, storages)];
}

function lostOf({ found, aliases }: Named, storages: ReadonlyMap<string, LostStorage>): Lost[] {
  const owners = new Map<string, Lost>();
  for (const each of found) {
    const storage = storages.get(each.view.storage.record);
    if (storage !== undefined) owners.set(each.name, lostTensor(each, storage));
  }
  const lost = [...owners.values()];
  for (const [name, owner] of aliases) {
    const same = owners.get(owner);
    if (same !== undefined) lost.push({ ...same, name });
  }
  return lost;
}

function recovered(
  opened: OpenedObject,
  pickle: Pickle,
  lost: readonly Lost[],
  byteorder: 'little' | 'big' | undefined,
): Archive {
  return archive('torch-save', {
    models: opened.models.map((each) => without(each, lost)),
    metadata: {
      torch: {
        kind: 'torch.save',
        protocol: pickle.protocol,
        ...(byteorder === undefined ? {} : { byteorder }),
        ...opened.structure,
        salvage: { lost: lostJson(lost) },
      },
    },
  });
}

/** The file, if it is one that can be salvaged. */
async function checkpoint(input: Input, context: Context): Promise<ByteSource> {
  const source = await entrySource(input, context);
  const bytes = source === undefined ? undefined : await head(source, 4, context);
  if (source !== undefined && [0x50, 0x4b, 0x03, 0x04].every((byte, index) => bytes?.[index] === byte))
    return source;
  throw new TorshError(
    'unsupported',
    'Salvage recovers checkpoints of torch.save in their ZIP form, and this file does not begin like one.',
  );
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

function without({ name, tensors, aliases, metadata }: Model, lost: readonly Lost[]): Model {
  const gone = new Set(
    lost.filter((each) => (each.model ?? DEFAULT_MODEL) === name).map((each) => each.name),
  );
  const kept = [...tensors.values()].filter((tensor) => !gone.has(tensor.name));
  return model(kept, {
    name,
    metadata,
    aliases: new Map([...aliases].filter(([, owner]) => !gone.has(owner))),
  });
}
