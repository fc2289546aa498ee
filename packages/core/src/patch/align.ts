import { type ByteSource, digest, slice } from '@torsh/bytes';
import type { Context } from '../format.ts';
import { sameBytes } from './same.ts';
import type { Stretch } from './stretches.ts';

/** A stretch of the target, and the one of the base that it is made from. */
export interface Pair {
  readonly target: Stretch;
  readonly base: Stretch | undefined;
}

/** A file with what lies in it. */
export interface Laid {
  readonly file: ByteSource;
  readonly stretches: readonly Stretch[];
}

/**
 * Finds for each stretch of the target one of the base: of the same name, or else of the same bytes. A file within the
 * file counts only if its bytes are the same: one that was edited is found piece by piece.
 */
export async function align(base: Laid, target: Laid, context: Context): Promise<Pair[]> {
  const named = new Map(base.stretches.map((stretch) => [stretch.name, stretch]));
  const pairs: Pair[] = [];
  const lonely: Stretch[] = [];
  for (const stretch of target.stretches) {
    const other = named.get(stretch.name);
    if (other === undefined) lonely.push(stretch);
    else if (stretch.form !== undefined && other.type === stretch.type)
      pairs.push({ target: stretch, base: other });
    else if (stretch.form === undefined && (await same(base.file, other, target.file, stretch, context)))
      pairs.push({ target: stretch, base: other });
    else lonely.push(stretch);
  }
  pairs.push(...(await byDigest(base, target, lonely, context)));
  return pairs
    .filter(({ target: { form }, base: found }) => form !== undefined || found !== undefined)
    .sort((a, b) => a.target.offset - b.target.offset);
}

async function same(
  base: ByteSource,
  left: Stretch,
  target: ByteSource,
  right: Stretch,
  { signal }: Context,
): Promise<boolean> {
  if (left.size !== right.size) return false;
  const [one, other] = [slice(base, left.offset, left.size), slice(target, right.offset, right.size)];
  return sameBytes(one, other, { signal });
}

/** What was renamed: the same bytes, by digests that are on record or are made where sizes agree. */
async function byDigest(
  base: Laid,
  target: Laid,
  lonely: readonly Stretch[],
  context: Context,
): Promise<Pair[]> {
  const wanted = new Set(lonely.map(({ size }) => size));
  const candidates = base.stretches.filter(({ size }) => wanted.has(size));
  const sizes = new Set(candidates.map(({ size }) => size));
  const asked = lonely.filter(({ size }) => sizes.has(size));
  const known = new Map<string, Stretch>();
  const left = await digestsOf(base.file, candidates, context);
  candidates.forEach((stretch, index) => void known.set(left[index]!, stretch));
  const right = await digestsOf(target.file, asked, context);
  const found = new Map(asked.map((stretch, index) => [stretch, known.get(right[index]!)]));
  return lonely.map((stretch) => ({ target: stretch, base: found.get(stretch) }));
}

async function digestsOf(
  file: ByteSource,
  stretches: readonly Stretch[],
  { platform, signal }: Context,
): Promise<string[]> {
  const unknown = stretches.filter(({ sha256 }) => sha256 === undefined);
  const sources = unknown.map(({ offset, size }) => slice(file, offset, size));
  const made = sources.length === 0 ? [] : await digest(sources, { platform, signal, sha256: true });
  const bySize = new Map(unknown.map((stretch, index) => [stretch, made[index]!.sha256!]));
  return stretches.map((stretch) => stretch.sha256 ?? bySize.get(stretch)!);
}
