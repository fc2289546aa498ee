import { type ByteSource, fromBytes, slice } from '@torsh/bytes';
import { head } from '@torsh/core';
import { type PickleScan, scan } from '@torsh/pickle';
import { isLegacy } from '../legacy/magic.ts';
import { lookIntoLegacy } from './legacy.ts';
import type { Look, StreamOptions } from './look.ts';
import { beginsLikePickle, isPickle, nestedIn } from './nested.ts';
import { split } from './split.ts';
import { storageIds } from './storage-ids.ts';

/** What bytes are tried with before all of them are read: weights are no pickle, and there are many of them. */
const TRIAL_BYTES = 2 ** 16;

/** Looks for pickles, one behind the other, in content that is no archive. `base` is where it begins in its content. */
export async function lookIntoStream(
  source: ByteSource,
  path: string,
  depth: number,
  look: Look,
  options: StreamOptions = {},
): Promise<void> {
  const { base = 0, resolve } = options;
  const { context } = look;
  const first = await head(source, TRIAL_BYTES, context);
  if (isLegacy(first)) {
    const { scanned, bytes, end } = await lookIntoLegacy(source, path, look, base);
    await lookIntoNested(bytes, scanned, path, depth, look, base);
    if (end >= source.size) return;
    const rest = slice(source, end, source.size - end);
    look.note(path, 'trailing-bytes', `${rest.size} bytes follow the last storage.`, base + end);
    await lookIntoStream(rest, path, depth, look, { base: base + end });
    return;
  }
  if (!beginsLikePickle(first)) {
    const tried = scan(first, context.limits);
    const more = first.length < source.size && tried.error?.code === 'truncated';
    if (!more && !isPickle(tried, first, depth > 0, context.limits)) return;
  }
  const bytes = await look.load(source, path);
  if (bytes === undefined) return;
  const ids = storageIds();
  const scanned = scan(bytes, context.limits, {
    resolve: (id) => {
      ids.resolve(id);
      return resolve?.(id);
    },
  });
  if (!beginsLikePickle(bytes) && !isPickle(scanned, bytes, depth > 0, context.limits)) return;
  look.add(split(scanned, path, base));
  if (ids.others > 0) {
    const message = `${ids.others} persistent ids do not speak of a storage: what they mean is up to the loader.`;
    look.note(path, 'persistent-id', message);
  }
  await lookIntoNested(bytes, scanned, path, depth, look, base);
}

/** Looks into the bytes that pickles hold, where a pickle names anything that could unpickle them. */
export async function lookIntoNested(
  bytes: Uint8Array,
  scanned: PickleScan,
  path: string,
  depth: number,
  look: Look,
  base: number,
): Promise<void> {
  for (const { offset, globals } of split(scanned, path)) {
    if (globals.every(({ known }) => known)) continue;
    for (const { at, spelling, bytes: inner } of nestedIn(bytes, offset, look.context.limits)) {
      await look.into(fromBytes(inner), `${path}!/${base + at}${spelling}`, depth + 1);
    }
  }
}
