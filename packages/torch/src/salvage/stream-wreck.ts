import { type ByteSource, cursor, paged, slice, TorshError } from '@torsh/bytes';
import { type Context, head } from '@torsh/core';
import { isKind, type PickleValue, scan } from '@torsh/pickle';
import type { Storage } from '../object/view.ts';
import { walk } from '../object/walk.ts';
import { readPickle } from '../open-object.ts';
import { type LostStorage, promisedBytes } from './lost.ts';
import type { Wreck } from './wreck.ts';

/** Magic number, protocol, system, object, keys; then the storages in the order of the keys. */
const PICKLES = 5;
const OBJECT = 3;
const COUNT_BYTES = 8;

/** What is left of a stream of the old torch.save. It has no check sums: a storage counts if its bytes are all there. */
export async function streamWreck(source: ByteSource, context: Context): Promise<Wreck> {
  const { bytes, starts } = await pickles(source, context);
  const read = (index: number) =>
    readPickle(bytes, 'the object', context, { offset: starts[index]!, resolve: refuseViews });
  const pickle = read(OBJECT);
  const keys = read(OBJECT + 1);
  const record = (key: string) => `storage ${key}`;
  const wanted = new Map<string, Storage>();
  const { found, extra } = walk(pickle.value, { limits: context.limits, record });
  for (const { view } of [...found, ...extra.found]) wanted.set(view.storage.record, view.storage);

  const sources = new Map<string, ByteSource>();
  const lost = new Map<string, LostStorage>();
  const counts = paged(source);
  let at = keys.end;
  let known = true;
  for (const key of isKind(keys.value, 'list') ? keys.value.items : []) {
    const storage = wanted.get(record(String(key)));
    // Without its length, nothing tells where the next one begins.
    if (storage === undefined) known = false;
    if (!known || storage === undefined || at + COUNT_BYTES > source.size) break;
    const count = cursor(await counts.read(at, COUNT_BYTES, context), at).u64();
    at += COUNT_BYTES;
    const length = promisedBytes(storage);
    const present = Math.min(length, source.size - at);
    if (count !== storage.numel) {
      lost.set(storage.record, { reason: 'damaged', present });
      known = false;
    } else if (present < length) lost.set(storage.record, { reason: 'cut', present });
    else sources.set(storage.record, slice(source, at, length));
    at += length;
  }
  for (const { record: name, bytes: inside } of wanted.values()) {
    if (inside !== undefined || sources.has(name) || lost.has(name)) continue;
    lost.set(name, { reason: known ? 'cut' : 'missing', present: 0 });
  }
  const cutOff =
    lost.size > 0 ? 'The file ends before all of its storages do, or they are damaged.' : undefined;
  return { kind: 'torch.save legacy', pickle, path: 'the object', record, sources, lost, cutOff };
}

/** As much of the stream as holds its pickles, and where each begins. */
async function pickles(
  source: ByteSource,
  context: Context,
): Promise<{ readonly bytes: Uint8Array; readonly starts: readonly number[] }> {
  const { limits } = context;
  for (let length = 2 ** 20; ; length *= 8) {
    const bytes = (await head(source, Math.min(length, limits.pickleBytes), context)).slice();
    const found = scan(bytes, limits, { most: PICKLES });
    if (found.pickles.length === PICKLES) return { bytes, starts: found.pickles.map(({ start }) => start) };
    const longer = bytes.length < Math.min(source.size, limits.pickleBytes);
    if (longer && found.error?.code === 'truncated') continue;
    throw new TorshError(
      'truncated',
      'The file ends before the object that names the tensors, and the list of its storages, do: nothing can be recovered. Fetch or save the file again.',
      { offset: source.size },
    );
  }
}

/** In files of torch 0.3 and before, storages can be windows of others. */
function refuseViews(id: PickleValue): undefined {
  if (!isKind(id, 'tuple') || id.items.length < 6 || id.items[5] === null) return undefined;
  throw new TorshError(
    'unsupported',
    'Storages of this file are parts of others, as torch 0.3 and before wrote them; salvage does not recover those.',
  );
}
