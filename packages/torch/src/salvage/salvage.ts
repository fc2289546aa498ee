import { type ByteSource, locateError, TorshError } from '@torsh/bytes';
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
import { storages } from '../data/storages.ts';
import { isLegacy } from '../legacy/magic.ts';
import type { Named } from '../object/register.ts';
import { reporter } from '../object/report.ts';
import { type OpenedObject, openObject } from '../open-object.ts';
import { type Lost, type LostStorage, lostIssues, lostJson, lostTensor } from './lost.ts';
import { absent } from './prove.ts';
import { streamWreck } from './stream-wreck.ts';
import type { Wreck } from './wreck.ts';
import { zipWreck } from './zip-wreck.ts';

/** What could be recovered from a checkpoint, and what could not. */
export interface Salvage {
  /** Every tensor whose bytes are all there, and all that is said of the others. */
  readonly archive: Archive;
  readonly lost: readonly Lost[];
  /** True for a file with nothing wrong: it needs no salvage. */
  readonly sound: boolean;
  readonly issues: readonly Issue[];
}

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
  const source = await entrySource(input, context);
  const wreck = source === undefined ? undefined : await findWreck(source, context);
  if (source === undefined || wreck === undefined) {
    throw new TorshError(
      'unsupported',
      'Salvage recovers checkpoints of torch.save, and this file does not begin like one.',
    );
  }
  if (wreck.cutOff !== undefined) issues.push({ severity: 'note', code: 'cut-off', message: wreck.cutOff });
  const opened = openObject(
    {
      ...wreck,
      storages: storages((storage) =>
        wreck.lost.has(storage.record) ? absent(storage) : wreck.sources.get(storage.record),
      ),
      fileBytes: source.size,
    },
    noting,
    reporter(noting),
  );
  const lost = lostTensors(opened, wreck.lost);
  issues.push(...lostIssues(lost));
  return {
    archive: recovered(opened, wreck, lost),
    lost,
    sound: wreck.cutOff === undefined && lost.length === 0,
    issues,
  };
}

/** Told by the first bytes, as torch tells them. */
async function findWreck(source: ByteSource, context: Context): Promise<Wreck | undefined> {
  const bytes = await head(source, 256, context);
  if ([0x50, 0x4b, 0x03, 0x04].every((byte, index) => bytes[index] === byte))
    return zipWreck(source, context);
  return isLegacy(bytes) ? streamWreck(source, context) : undefined;
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

function recovered(opened: OpenedObject, { kind, pickle, byteorder }: Wreck, lost: readonly Lost[]): Archive {
  return archive(kind === 'torch.save' ? 'torch-save' : 'torch-legacy', {
    models: opened.models.map((each) => without(each, lost)),
    metadata: {
      torch: {
        kind,
        protocol: pickle.protocol,
        ...(byteorder === undefined ? {} : { byteorder }),
        ...opened.structure,
        salvage: { lost: lostJson(lost) },
      },
    },
  });
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
