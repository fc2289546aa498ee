import { BLOCK, type ByteSink, type ByteSource, digest, isTorshError, TorshError } from '@torsh/bytes';
import { createContext, type Options } from '../context.ts';
import type { Context } from '../format.ts';
import type { Identity, PatchHead } from './head.ts';
import { openPatch, type Patch } from './open.ts';
import { unpack } from './pack.ts';
import { join } from './planes.ts';
import type { Step } from './step.ts';
import { parseThreads } from './weave.ts';

/**
 * Makes the target of a patch out of its base, and ends the sink: it is closed if base and target are what the patch
 * says they are, byte for byte, and given up otherwise.
 */
export async function applyPatch(
  base: ByteSource,
  patch: ByteSource,
  output: ByteSink,
  options: Omit<Options, 'formats'>,
): Promise<PatchHead> {
  const context = createContext({ ...options, formats: [] });
  try {
    const opened = await openPatch(patch, context);
    await make(base, opened, output, context);
    context.signal.throwIfAborted();
    await output.close();
    return opened.head;
  } catch (error) {
    await output.abort(error).catch(() => undefined);
    throw error;
  }
}

async function make(base: ByteSource, patch: Patch, output: ByteSink, context: Context): Promise<void> {
  const { head } = patch;
  if (base.size !== head.base.size) throw otherBase(head.base, `this file has ${base.size} bytes`);
  const giveUp = new AbortController();
  const signal = AbortSignal.any([context.signal, giveUp.signal]);
  // Other threads sum the base while this one reads what it needs of it; both see the same pages of the system's cache.
  const summed = digest([base], { platform: context.platform, signal, sha256: true }).then(([found]) => {
    if (found!.sha256 === head.base.sha256) return;
    throw otherBase(head.base, `this file has the SHA-256 ${found!.sha256}`);
  });
  const failed = summed.catch((error: unknown) => giveUp.abort(error));
  const hasher = context.platform.sha256();
  try {
    let done = 0;
    for await (const bytes of bytesOf(patch, base, context.platform, signal)) {
      hasher.update(bytes);
      await output.write(bytes);
      done += bytes.length;
      context.progress({ stage: 'writing', done, total: head.target.size });
    }
    await summed;
  } catch (error) {
    // A wrong base makes steps fail in strange ways; that it is the wrong one says more.
    if (isTorshError(error, 'malformed')) await failed;
    throw giveUp.signal.aborted && !context.signal.aborted ? giveUp.signal.reason : error;
  } finally {
    giveUp.abort();
    await failed;
  }
  const found = hasher.digest();
  if (found !== head.target.sha256) {
    const message = `The result is not the target of the patch: its SHA-256 is ${found}, the patch says ${head.target.sha256}. The patch is damaged; fetch it again.`;
    throw new TorshError('malformed', message);
  }
}

/** Steps that are unpacked at once. */
const AT_ONCE = 8;

/** The bytes of the target in order; the next steps are unpacked by other threads while these are used. */
async function* bytesOf(
  { head, steps }: Patch,
  base: ByteSource,
  platform: Context['platform'],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const waiting: { readonly step: Step; readonly made?: Promise<Uint8Array> }[] = [];
  const first = async function* (): AsyncGenerator<Uint8Array> {
    const { step, made } = waiting.shift()!;
    if (made !== undefined) yield await made;
    else yield* stretch(base, step.kind === 'copy' ? step.from : 0, step.length, signal);
  };
  try {
    for await (const step of steps()) {
      signal.throwIfAborted();
      const made = step.kind === 'copy' ? undefined : unpacked(step, base, head, platform, signal);
      made?.catch(() => undefined);
      waiting.push(made === undefined ? { step } : { step, made });
      if (waiting.length >= AT_ONCE) yield* first();
    }
    while (waiting.length > 0) yield* first();
  } finally {
    await Promise.allSettled(waiting.map(({ made }) => made));
  }
}

async function* stretch(
  base: ByteSource,
  from: number,
  length: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; done += BLOCK) {
    yield await base.read(from + done, Math.min(BLOCK, length - done), { signal });
  }
}

async function unpacked(
  step: Exclude<Step, { kind: 'copy' }>,
  base: ByteSource,
  head: PatchHead,
  platform: Context['platform'],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const path = 'steps';
  if (step.kind === 'weave') {
    const threads = await unpack(step.threads, step.threadBytes, path, platform);
    const literals = await unpack(step.literals, step.literalBytes, path, platform);
    const { length, literalBytes } = step;
    const parsed = parseThreads(threads, { length, literals: literalBytes, baseSize: head.base.size, path });
    const result = new Uint8Array(length);
    let [made, used] = [0, 0];
    for (const { literal, from, copied } of parsed) {
      result.set(literals.subarray(used, used + literal), made);
      used += literal;
      made += literal;
      if (copied > 0) result.set(await base.read(from, copied, { signal }), made);
      made += copied;
    }
    return result;
  }
  const { form, from, length } = step;
  const count = length / form.width;
  const planes = await Promise.all(step.planes.map((plane) => unpack(plane, count, path, platform)));
  const before = step.kind === 'delta' ? await base.read(from, length, { signal }) : undefined;
  return join(planes, before, form);
}

function otherBase({ size, sha256 }: Identity, found: string): TorshError {
  const message = `This patch is for another file: ${found}; its base has ${size} bytes and the SHA-256 ${sha256}. Apply it to the file that it was made from.`;
  return new TorshError('unsupported', message);
}
