import { type ByteSource, expecting, slice, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { isKind, type PickleValue } from '@torsh/pickle';
import { keyOf } from '../object/persistent.ts';
import type { Report } from '../object/report.ts';
import type { StreamReader } from '../stream/reader.ts';
import type { Named } from './ids.ts';

/** The file behind its pickles: where each storage lies, by its place as errors name it. */
export interface Layout {
  readonly windows: ReadonlyMap<string, ByteSource>;
  /** The first byte behind the last storage; `undefined` where the end of the last one cannot be known. */
  readonly end: number | undefined;
}

/** Where the bytes are, and what they are called in errors. */
export interface Place {
  readonly source: ByteSource;
  readonly path: string;
  record(key: string): string;
}

/**
 * Passes over the storages: a count of elements, then so many elements, in the order of the list of keys. How long an
 * element is, only the object tells.
 */
export async function layOut(
  keys: readonly string[],
  named: ReadonlyMap<string, Named>,
  reader: StreamReader,
  { source, path, record }: Place,
  report: Report,
): Promise<Layout> {
  const windows = new Map<string, ByteSource>();
  for (const [index, key] of keys.entries()) {
    const at = reader.position;
    const count = await reader.count(`The length of the storage ${key}`);
    const storage = named.get(key);
    if (storage === undefined) {
      if (count === 0) continue;
      // All that is left may be passed over, for nothing asks for it.
      if (keys.slice(index).every((each) => !named.has(each))) {
        const message = `The storage ${key} (${count} elements of unknown type, from byte ${reader.position} on) belongs to no tensor and is not kept.`;
        report('unused-storage', message, key, 'loss');
        return { windows, end: undefined };
      }
      throw new TorshError(
        'malformed',
        `The storage ${key} has ${count} elements, but nothing in the object says of what type, so nothing behind it can be found.`,
        { path, offset: at },
      );
    }
    if (count !== storage.numel) {
      throw new TorshError(
        'malformed',
        `The storage ${key} has ${count} elements, but the object speaks of ${storage.numel}. The file is damaged or was put together by hand.`,
        { path, offset: at },
      );
    }
    const bytes = count * storage.itemBytes;
    const left = source.size - reader.position;
    if (bytes > left) {
      throw new TorshError(
        'truncated',
        `The storage ${key} has ${bytes} bytes from byte ${reader.position} on, but the file ends after ${left} of them. It is not complete; \`torsh salvage\` recovers what is whole in it.`,
        { path, offset: reader.position },
      );
    }
    windows.set(record(key), expecting(slice(source, reader.position, bytes), { path: record(key) }));
    reader.skip(bytes);
  }
  return { windows, end: reader.position };
}

/** The keys of the storages, as the list behind the object has them. */
export function keysOf(list: PickleValue, at: number, path: string, { limits }: Context): string[] {
  const say = (what: string) => new TorshError('malformed', what, { path, offset: at });
  if (!isKind(list, 'list')) throw say('Behind the object there is no list of storages.');
  if (list.items.length > limits.entries) {
    const message = `The file has ${list.items.length} storages; at most ${limits.entries} are read (limit entries).`;
    throw new TorshError('limit', message, { path, offset: at });
  }
  const keys = list.items.map((key) => {
    if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint') return keyOf(key);
    throw say('A key in the list of storages is neither a text nor a number.');
  });
  if (new Set(keys).size < keys.length) throw say('The list of storages names one of them twice.');
  return keys;
}
