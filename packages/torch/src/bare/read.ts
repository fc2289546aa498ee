import { readAll, TorshError } from '@torsh/bytes';
import { type Archive, archive, type Context, entrySource, type Input } from '@torsh/core';
import { type Pickle, scan } from '@torsh/pickle';
import { embeddedIn } from '../data/embedded.ts';
import { storages } from '../data/storages.ts';
import { TORCH } from '../object/namespace.ts';
import { type Report, reportBehind, reporter, reportGlobals, reportSpelling } from '../object/report.ts';
import { type NestingPickle, openObject } from '../open-object.ts';
import { type Pickles, readPickles } from './pickles.ts';

/**
 * Opens a file of pickles. All of it is read once, for weights lie between the opcodes; then the tensors are windows on the
 * file, and what was read is let go.
 */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined) throw new TorshError('unsupported', 'A pickle is a file, not a folder.');
  const path = input.entry!;
  const report = reporter(context);
  const bytes = await readAll(source, context.limits.pickleBytes, context);
  const found = readPickles(bytes, path, context);
  const opened = openObject(
    {
      pickle: whole(found),
      path,
      record: (key) => key,
      storages: storages(() => undefined, embeddedIn(source, bytes)),
      arrays: true,
      fileBytes: source.size,
    },
    context,
    report,
  );
  for (const pickle of [...found.objects.slice(1), ...found.inner]) {
    reportGlobals(pickle, path, report);
    reportSpelling(pickle, path, report);
  }
  reportRest(bytes, found, path, context, report);
  const several = found.objects.length > 1;
  return archive('pickle', {
    models: opened.models,
    metadata: {
      [TORCH]: {
        kind: 'pickle',
        protocol: lowest(found),
        ...(several ? { pickles: found.objects.length } : {}),
        ...opened.structure,
      },
    },
    incidental: opened.plain ? [TORCH] : [],
  });
}

/** One object; several are the items of a list. */
function whole({ objects, nests }: Pickles): NestingPickle {
  const [first] = objects as [Pickle];
  if (objects.length === 1) return { ...first, nests };
  return { ...first, nests, value: { kind: 'list', items: objects.map(({ value }) => value) } };
}

/** Only up to protocol 2 do the names of Python 2 lead anywhere: whoever writes all of it as one pickle must know. */
function lowest({ objects, inner }: Pickles): number {
  return [...objects, ...inner].reduce((least, { protocol }) => Math.min(least, protocol), 5);
}

/** Bytes behind the last pickle are not kept; what they would import, were they read, is told. */
function reportRest(
  bytes: Uint8Array,
  { end }: Pickles,
  path: string,
  context: Context,
  report: Report,
): void {
  if (end === bytes.length) return;
  reportBehind({ end }, bytes.length, path, report);
  const { globals, notes } = scan(bytes, context.limits, { behind: end });
  reportGlobals({ globals, protocol: 2 }, path, report);
  reportSpelling({ notes }, path, report);
}
