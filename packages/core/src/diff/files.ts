import { type ByteSource, decodeUtf8, digest } from '@torsh/bytes';
import type { Archive, Resource } from '../archive.ts';
import type { Context } from '../format.ts';
import { compareLines, type LineDifference } from './lines.ts';
import { queues } from './queues.ts';

/** What a file within an archive is. */
export interface FileFacts {
  readonly path: string;
  readonly role: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file that is not the same in both. */
export interface FileDifference {
  readonly kind: 'added' | 'removed' | 'renamed' | 'changed';
  readonly before?: FileFacts | undefined;
  readonly after?: FileFacts | undefined;
  /** For a change of text. */
  readonly lines?: LineDifference | undefined;
}

/** What was found about the files of two archives. */
export interface FileDifferences {
  readonly same: number;
  readonly different: readonly FileDifference[];
}

/** Larger texts are told by their digests only. */
const MOST_TEXT = 8 * 2 ** 20;

export async function compareFiles(a: Archive, b: Archive, context: Context): Promise<FileDifferences> {
  const [left, right] = [await factsOf(a, context), await factsOf(b, context)];
  const different: FileDifference[] = [];
  const removed = queues<FileFacts>();
  let same = 0;
  for (const [path, before] of left) {
    const after = right.get(path);
    if (after === undefined) removed.add(before.sha256, before);
    else if (JSON.stringify(before) === JSON.stringify(after)) same++;
    else {
      const lines = await linesOf(a.resources.get(path)!, b.resources.get(path)!, context);
      different.push({ kind: 'changed', before, after, ...(lines === undefined ? {} : { lines }) });
    }
  }
  const added: FileDifference[] = [];
  for (const [path, after] of right) {
    if (left.has(path)) continue;
    const before = removed.take(after.sha256);
    if (before === undefined) added.push({ kind: 'added', after });
    else different.push({ kind: 'renamed', before, after });
  }
  for (const before of removed.rest()) different.push({ kind: 'removed', before });
  return { same, different: [...different, ...added] };
}

async function factsOf({ resources }: Archive, context: Context): Promise<Map<string, FileFacts>> {
  const all = [...resources.values()];
  const digests = await digestsOf(
    all.map(({ data }) => data),
    context,
  );
  return new Map(
    all.map(({ path, role, mediaType, data }, index) => [
      path,
      { path, role, mediaType, bytes: data.size, sha256: digests[index]! },
    ]),
  );
}

async function digestsOf(sources: readonly ByteSource[], { platform, signal }: Context): Promise<string[]> {
  const unknown = sources.filter(({ expected }) => expected?.sha256 === undefined);
  const made = await digest(unknown, { platform, signal, sha256: true });
  const found = new Map(unknown.map((source, index) => [source, made[index]!.sha256!]));
  return sources.map((source) => source.expected?.sha256 ?? found.get(source)!);
}

async function linesOf(a: Resource, b: Resource, { signal }: Context): Promise<LineDifference | undefined> {
  const read = async ({ data }: Resource): Promise<string | undefined> => {
    if (data.size > MOST_TEXT) return undefined;
    const text = decodeUtf8((await data.read(0, data.size, { signal })).slice());
    return text?.includes('\0') ? undefined : text;
  };
  const [before, after] = [await read(a), await read(b)];
  if (before === undefined || after === undefined || before === after) return undefined;
  return compareLines(before, after);
}
