import { type ByteSink, type ByteSource, digest, type FileTreeSink } from '@torsh/bytes';
import { zipSink } from '@torsh/zip';
import type { Archive } from '../archive.ts';
import { createContext, type Options } from '../context.ts';
import type { Context } from '../format.ts';
import { align } from './align.ts';
import {
  encodeHead,
  PATCH_HEAD_PATH,
  PATCH_INFO_PATH,
  PATCH_INFO_TEXT,
  type PatchHead,
  segmentPath,
} from './head.ts';
import { makeSteps, type Packing } from './make.ts';
import { type Copy, putStep, type Step } from './step.ts';
import { stretchesOf } from './stretches.ts';
import { writer } from './varint.ts';

/** One of the two files of a patch; its archive, where there is one, tells where its tensors lie. */
export interface PatchSide {
  readonly file: ByteSource;
  readonly archive?: Archive | undefined;
}

/** Writes the patch that makes `target` of `base`, byte for byte, and ends the sink. */
export async function createPatch(
  base: PatchSide,
  target: PatchSide,
  output: ByteSink,
  options: Omit<Options, 'formats'>,
): Promise<PatchHead> {
  const context = createContext({ ...options, formats: [] });
  const zip = zipSink(output, { platform: context.platform });
  try {
    const head = await write(base, target, zip, context);
    await zip.close();
    return head;
  } catch (error) {
    await zip.abort(error).catch(() => undefined);
    throw error;
  }
}

async function write(
  base: PatchSide,
  target: PatchSide,
  zip: FileTreeSink,
  context: Context,
): Promise<PatchHead> {
  const [below, above] = [await laid(base, context), await laid(target, context)];
  const total = base.file.size + 2 * target.file.size;
  let done = 0;
  const advance = (bytes: number): void => {
    done += bytes;
    context.progress({ stage: 'reading', done, total });
  };
  const giveUp = new AbortController();
  const signal = AbortSignal.any([context.signal, giveUp.signal]);
  // The digests are made by other threads while this one looks for differences.
  const digests = digest([base.file, target.file], {
    platform: context.platform,
    signal,
    sha256: true,
    progress: advance,
  });
  digests.catch(() => undefined);
  try {
    await writeEntry(zip, PATCH_INFO_PATH, new TextEncoder().encode(PATCH_INFO_TEXT));
    const pairs = await align(below, above, context);
    const tensors = below.stretches.filter(({ form }) => form !== undefined);
    const steps = makeSteps({ base: base.file, target: target.file, pairs, tensors, context });
    const written = await writeSteps(steps, zip, context, advance);
    const [was, is] = (await digests).map(({ sha256 }) => sha256!) as [string, string];
    const head: PatchHead = {
      base: { size: base.file.size, sha256: was },
      target: { size: target.file.size, sha256: is },
      ...written,
    };
    await writeEntry(zip, PATCH_HEAD_PATH, encodeHead(head, context.limits));
    return head;
  } finally {
    giveUp.abort();
    await digests.catch(() => undefined);
  }
}

async function laid({ file, archive }: PatchSide, context: Context) {
  return { file, stretches: archive === undefined ? [] : await stretchesOf(archive, file, context) };
}

/** Bytes of steps that are kept until they are written as one entry. */
const SEGMENT = 4 * 2 ** 20;

/** Steps that are packed at once. */
const AT_ONCE = 8;

/** Writes steps in segments, in order, while more of them are packed. */
async function writeSteps(
  packings: AsyncGenerator<Packing>,
  zip: FileTreeSink,
  context: Context,
  advance: (bytes: number) => void,
): Promise<Omit<PatchHead, 'base' | 'target'>> {
  const tally = { segments: 0, steps: 0, copied: 0, changed: 0, added: 0 };
  const segment = writer();
  const flush = async (): Promise<void> => {
    if (segment.length > 0) await writeEntry(zip, segmentPath(tally.segments++), segment.take());
  };
  const put = async (step: Step): Promise<void> => {
    count(step, tally);
    putStep(segment, step);
    if (segment.length >= SEGMENT) await flush();
  };
  let copy: Copy | undefined;
  const take = async (step: Step): Promise<void> => {
    advance(step.length);
    const before = copy;
    if (before !== undefined && step.kind === 'copy' && before.from + before.length === step.from) {
      // What goes on where the last copy ended is the same copy.
      copy = { ...before, length: before.length + step.length };
      return;
    }
    if (before !== undefined) await put(before);
    copy = step.kind === 'copy' ? step : undefined;
    if (step.kind !== 'copy') await put(step);
  };
  const waiting: Promise<Step>[] = [];
  try {
    for await (const { step } of packings) {
      context.signal.throwIfAborted();
      // Whoever fails while others are waited for must not end the program; it is asked when its turn comes.
      step.catch(() => undefined);
      waiting.push(step);
      if (waiting.length >= AT_ONCE) await take(await waiting.shift()!);
    }
    while (waiting.length > 0) await take(await waiting.shift()!);
  } finally {
    await Promise.allSettled(waiting);
  }
  if (copy !== undefined) await put(copy);
  await flush();
  return tally;
}

interface Tally {
  steps: number;
  copied: number;
  changed: number;
  added: number;
}

function count(step: Step, tally: Tally): void {
  tally.steps++;
  if (step.kind === 'weave') {
    tally.added += step.literalBytes;
    tally.copied += step.length - step.literalBytes;
  } else if (step.kind === 'copy') tally.copied += step.length;
  else if (step.kind === 'delta') tally.changed += step.length;
  else tally.added += step.length;
}

async function writeEntry(zip: FileTreeSink, path: string, bytes: Uint8Array): Promise<void> {
  const sink = await zip.create(path, { size: bytes.length });
  await sink.write(bytes);
  await sink.close();
}
