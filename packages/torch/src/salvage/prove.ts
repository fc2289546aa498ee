import { type ByteSource, TorshError } from '@torsh/bytes';
import { type Context, digestEach } from '@torsh/core';
import type { Storage } from '../object/view.ts';
import { type LostStorage, promisedBytes } from './lost.ts';
import type { Records, Rescued } from './records.ts';

/** Which storages cannot be used. Those that can are read once, and compared with their check sums. */
export async function prove(
  wanted: ReadonlyMap<string, Storage>,
  { records, cut }: Records,
  context: Context,
): Promise<ReadonlyMap<string, LostStorage>> {
  const lost = new Map<string, LostStorage>();
  const whole: { readonly name: string; readonly source: ByteSource }[] = [];
  for (const [name, storage] of wanted) {
    const trouble = troubleOf(records.get(name), storage, cut);
    if (trouble !== undefined) lost.set(name, trouble);
    else if (storage.bytes === undefined) whole.push({ name, source: records.get(name)!.source! });
  }
  const summed = whole.filter(({ source }) => source.size > 0);
  const sources = summed.map(({ source }) => source);
  const proven = await digestEach(sources, context, () => {}, { crc32: true });
  proven.forEach((digests, index) => {
    const { name, source } = summed[index]!;
    if (digests === undefined) lost.set(name, { reason: 'damaged', present: source.size });
  });
  return lost;
}

function troubleOf(record: Rescued | undefined, storage: Storage, cut: boolean): LostStorage | undefined {
  if (storage.bytes !== undefined) return undefined;
  if (record === undefined) return { reason: cut ? 'cut' : 'missing', present: 0 };
  const { source, present, trouble } = record;
  if (trouble !== undefined) return { reason: trouble, present };
  return source?.size === promisedBytes(storage) ? undefined : { reason: 'damaged', present };
}

/** In the place of bytes that are not there: as long as they should be, and never read. */
export function absent(storage: Storage): ByteSource {
  const read = async (): Promise<Uint8Array> => {
    throw new TorshError('truncated', `The bytes of ${storage.record} are lost.`, { path: storage.record });
  };
  return { size: promisedBytes(storage), read };
}
