import { type ByteSource, isTorshError, slice, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { type Ids, legacyIds, type Named } from '../legacy/ids.ts';
import { keysOf } from '../legacy/layout.ts';
import { joined } from '../stream/joined.ts';
import { type StreamReader, streamReader } from '../stream/reader.ts';
import { wasBigEndian } from '../stream/system.ts';
import type { LostStorage } from './lost.ts';
import type { Wreck } from './wreck.ts';

const PATH = 'the object';
const COUNT_BYTES = 8;

/** What is left of a stream of the old torch.save. It has no check sums: a storage counts if its bytes are all there. */
export async function streamWreck(source: ByteSource, context: Context): Promise<Wreck> {
  const reader = streamReader(source, PATH, context);
  const { object, front, ids, keys } = await pickles(reader, source, context);
  const record = (key: string) => `storages/${key}`;
  const sources = new Map<string, ByteSource>();
  const lost = new Map<string, LostStorage>();
  const trouble = await layOut(keys, ids.storages, reader, source, (key, found) => {
    if ('reason' in found) lost.set(record(key), found);
    else sources.set(record(key), found);
  });
  for (const key of ids.storages.keys()) {
    const name = record(key);
    if (!sources.has(name) && !lost.has(name)) lost.set(name, { reason: trouble ?? 'missing', present: 0 });
  }
  const cutOff =
    lost.size > 0 ? 'The file ends before all of its storages do, or they are damaged.' : undefined;
  const bigEndian = wasBigEndian(front[2]!.value) ? ('untyped' as const) : false;
  return {
    kind: 'torch.save legacy',
    pickle: joined(object, [...front, object, ids]),
    path: PATH,
    record,
    sources,
    lost,
    bigEndian,
    cutOff,
  };
}

/** Magic number, protocol, system; the object; the list of keys. Without all of them nothing has a name and a length. */
async function pickles(reader: StreamReader, source: ByteSource, context: Context) {
  try {
    const front = [await reader.pickle(), await reader.pickle(), await reader.pickle()];
    let ids: Ids = legacyIds();
    const object = await reader.pickle(() => {
      ids = legacyIds();
      return ids.resolve;
    });
    const list = await reader.pickle();
    return { front, object, ids, keys: keysOf(list.value, object.end, PATH, context) };
  } catch (error) {
    if (!isTorshError(error, 'truncated')) throw error;
    throw new TorshError(
      'truncated',
      'The file ends before the object that names the tensors, and the list of its storages, do: nothing can be recovered. Fetch or save the file again.',
      { offset: source.size, cause: error },
    );
  }
}

/** Passes over the storages as far as each leads to the next, and says why it stops where it does. */
async function layOut(
  keys: readonly string[],
  named: ReadonlyMap<string, Named>,
  reader: StreamReader,
  source: ByteSource,
  found: (key: string, what: ByteSource | LostStorage) => void,
): Promise<'cut' | undefined> {
  for (const key of keys) {
    if (source.size - reader.position < COUNT_BYTES) return 'cut';
    const storage = named.get(key);
    const count = await reader.count(`The length of the storage ${key}`);
    // Without its length, nothing tells where the next one begins.
    if (storage === undefined && count > 0) return undefined;
    if (storage === undefined) continue;
    const bytes = storage.numel * storage.itemBytes;
    const present = Math.min(bytes, source.size - reader.position);
    if (count !== storage.numel) {
      found(key, { reason: 'damaged', present });
      return undefined;
    }
    if (present < bytes) {
      found(key, { reason: 'cut', present });
      return 'cut';
    }
    found(key, slice(source, reader.position, bytes));
    reader.skip(bytes);
  }
  return undefined;
}
