import { type ByteSource, cursor, paged, slice } from '@torsh/bytes';
import { head } from '@torsh/core';
import { interpret, isKind, type PickleValue, scan } from '@torsh/pickle';
import { storageType } from '../object/storage-types.ts';
import type { Look } from './look.ts';
import { split } from './split.ts';
import { lookIntoNested } from './stream.ts';

/** The members of a tar of torch 0.1 in which pickles and plain bytes take turns. */
export type Mixed = 'storages' | 'tensors';

/** More than the pickle of one key, class and place ever has. */
const PIECE_BYTES = 2 ** 16;

/**
 * Steps through a member: a count, and then for each storage or tensor a pickle and the bytes that it speaks of. What is
 * not like that is left to whoever reads plain streams, from the place that is given back.
 */
export async function lookIntoMixed(
  source: ByteSource,
  kind: Mixed,
  path: string,
  depth: number,
  look: Look,
): Promise<number> {
  const pieces = paged(source, PIECE_BYTES, 4);
  const { limits } = look.context;
  let at = 0;
  const next = async (): Promise<PickleValue | undefined> => {
    const room = source.size - at;
    const bytes = (await head(slice(pieces, at, room), PIECE_BYTES, look.context)).slice();
    const scanned = scan(bytes, limits, { most: 1 });
    const [one] = scanned.pickles;
    if (one === undefined || scanned.status === 'partial') return undefined;
    look.add(split(scanned, path, at));
    await lookIntoNested(bytes, scanned, path, depth, look, at);
    at += one.end;
    return interpret(bytes, limits).value;
  };
  const count = await next();
  if (typeof count !== 'number' || count < 0 || count > limits.entries) return at;
  for (let index = 0; index < count; index++) {
    const before = at;
    const named = await next();
    const bytes = named === undefined ? undefined : await plainBytes(pieces, at, kind, named, look);
    if (bytes === undefined) return Math.max(at, before);
    if (bytes > source.size - at) {
      look.note(path, 'truncated', `The ${kind} end inside of number ${index}.`, source.size);
      return source.size;
    }
    at += bytes;
  }
  return at;
}

/** How many bytes of a storage or tensor follow what names it; `undefined` where that cannot be told. */
async function plainBytes(
  source: ByteSource,
  at: number,
  kind: Mixed,
  named: PickleValue,
  { context }: Look,
): Promise<number | undefined> {
  if (!isKind(named, 'tuple') || at + 8 > source.size) return undefined;
  const from = cursor(await source.read(at, 8, context), at);
  if (kind === 'storages') {
    const type = named.items.findLast((item) => isKind(item, 'global'));
    const item = isKind(type, 'global') ? storageType(type.name) : undefined;
    return item === undefined ? undefined : 8 + from.u64() * item.itemBytes;
  }
  // The number of dimensions, four bytes of nothing, sizes, strides, the offset.
  const dimensions = from.u32();
  return dimensions > context.limits.dimensions ? undefined : 8 + dimensions * 16 + 8;
}
