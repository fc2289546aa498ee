import { setImmediate as turn } from 'node:timers/promises';
import zlib from 'node:zlib';
import {
  BLOCK,
  type ByteSource,
  compareDigests,
  type Digests,
  digestBlocks,
  locate,
  TorshError,
  type TransferOptions,
} from '@torsh/bytes';
import { DiskFile, shrunk } from './file-source.ts';
import { errorOf } from './io-error.ts';
import type { PositionedWriter } from './positioned-writer.ts';
import type { Crew } from './transfer-crew.ts';
import { type Jobs, type Piece, planJobs } from './transfer-jobs.ts';
import { DONE, type Fault, STOP, sha256, work } from './transfer-loop.js';

/** Where the bytes go: a file that is open for writing, and the byte of it that they begin at. */
export interface Target {
  readonly fd: number;
  readonly path: string;
  readonly position: number;
  /** What was written before may still be held here; bytes that this thread makes go through it. */
  readonly writer: PositionedWriter;
}

/** Starting threads costs more than it saves below this many bytes. */
export const WORTH_THREADS: number = 32 * 1024 * 1024;

/** How often a waiting main thread reports progress, in milliseconds. */
const TICK = 100;

/** How many bytes the main thread makes between two turns of the event loop. */
const TURN = 4 * 1024 * 1024;

/** How many sources are asked at once where they lie. */
const AT_ONCE = 4096;

/**
 * Moves whole sources to a target, or only sums them. Bytes that lie in our own open files are "plain": threads move
 * them without asking the source. All others are "made": the main thread reads them from the source.
 */
export async function moveSources(
  sources: readonly ByteSource[],
  options: TransferOptions,
  crew: Crew | undefined,
  target?: Target,
): Promise<Digests[]> {
  options.signal?.throwIfAborted();
  const sorted = await sort(sources, options, target?.position ?? 0);
  try {
    return await run(sources, sorted, options, crew, target);
  } finally {
    for (const file of sorted.pinned.keys()) file.unpin();
  }
}

/** ZIPs of many small entries ask for one small source at a time: tables and plans would cost more than the bytes. */
export function isLittle(sources: readonly ByteSource[]): boolean {
  return sources.length <= 4 && sources.every(({ size }) => size <= BLOCK / 4);
}

/** Moves a few small sources without any of the machinery. */
export async function moveLittle(
  sources: readonly ByteSource[],
  options: TransferOptions,
  target: Target | undefined,
): Promise<Digests[]> {
  const found: Digests[] = [];
  let position = target?.position ?? 0;
  for (const source of sources) {
    found.push(await makeOne(source, options, target?.writer, position));
    position += source.size;
  }
  return found;
}

interface Sorted {
  readonly pieces: Piece[];
  /** For each piece: the index of its source, and its file. */
  readonly owners: number[];
  readonly files: DiskFile[];
  /** Sources that have to be read through, and where they go. */
  readonly made: { readonly index: number; readonly position: number }[];
  readonly pinned: Map<DiskFile, number>;
}

/** Tells plain sources from made ones. The files of the plain ones are pinned; the caller gives them back. */
async function sort(
  sources: readonly ByteSource[],
  options: TransferOptions,
  position: number,
): Promise<Sorted> {
  const sorted: Sorted = { pieces: [], owners: [], files: [], made: [], pinned: new Map() };
  const pin = (file: DiskFile): number | undefined => {
    const held = sorted.pinned.get(file) ?? file.pin();
    if (held !== undefined) sorted.pinned.set(file, held);
    return held;
  };
  try {
    for (let start = 0; start < sources.length; start += AT_ONCE) {
      const some = sources.slice(start, start + AT_ONCE);
      const windows = await Promise.all(some.map((source) => locate(source, options)));
      some.forEach((source, index) => {
        const { root, offset } = windows[index]!;
        const file = root instanceof DiskFile && zlib.crc32 !== undefined ? root : undefined;
        const fd = file === undefined ? undefined : pin(file);
        if (file === undefined || fd === undefined) {
          sorted.made.push({ index: start + index, position });
        } else {
          const { size: length } = source;
          sorted.pieces.push({ fd, offset, length, position, ...wanted(source, options) });
          sorted.owners.push(start + index);
          sorted.files.push(file);
        }
        position += source.size;
      });
    }
  } catch (error) {
    for (const file of sorted.pinned.keys()) file.unpin();
    throw error;
  }
  return sorted;
}

function wanted(source: ByteSource, options: TransferOptions): { crc32: boolean; sha256: boolean } {
  return {
    crc32: options.crc32 === true || source.expected?.crc32 !== undefined,
    sha256: options.sha256 === true || source.expected?.sha256 !== undefined,
  };
}

async function run(
  sources: readonly ByteSource[],
  sorted: Sorted,
  options: TransferOptions,
  crew: Crew | undefined,
  target: Target | undefined,
): Promise<Digests[]> {
  const { pieces, owners, files, made, pinned } = sorted;
  options.signal?.throwIfAborted();
  const jobs = planJobs(pieces, 1 + (crew?.size ?? 0), target?.fd);
  const control = new Int32Array(jobs.tables.control);
  const stop = (): void => void Atomics.store(control, STOP, 1);
  const progress = progressOf(control, options);
  const timer = setInterval(progress, TICK).unref();
  options.signal?.addEventListener('abort', stop);

  // The crew works while this thread makes what must be made; then this thread joins in.
  const crewFaults = crew === undefined || pieces.length === 0 ? [] : crew.work(jobs.tables);
  const settled = Promise.allSettled([crewFaults]);
  const found: Digests[] = new Array(sources.length);
  const faults: (Fault | undefined)[] = [];
  try {
    await makeAll(sources, made, options, target, found);
    faults.push(await takePart(jobs, progress));
  } catch (error) {
    stop();
    throw error;
  } finally {
    // Whatever happened: no thread may still use a descriptor when this returns, or it could write into another file.
    await settled;
    clearInterval(timer);
    options.signal?.removeEventListener('abort', stop);
  }
  options.signal?.throwIfAborted();
  faults.push(...(await crewFaults));
  for (const fault of faults) if (fault !== undefined) throw faultError(fault, files, target);
  progress();
  for (const file of pinned.keys()) file.check();

  owners.forEach((owner, piece) => {
    const source = sources[owner]!;
    const { crc32, sha256 } = pieces[piece]!;
    const digests = {
      crc32: crc32 ? jobs.crc32(piece) : undefined,
      sha256: sha256 ? jobs.sha256(piece) : undefined,
    };
    found[owner] = digests;
    compareDigests(source, digests, options);
  });
  return found;
}

/** The main thread's share; a turn of the event loop at each pause lets aborts and progress through. */
async function takePart(jobs: Jobs, progress: () => void): Promise<Fault | undefined> {
  const steps = work(jobs.tables);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    progress();
    await turn();
  }
}

/** Reports what the threads have done since the last call; their counter wraps at 2^32. */
function progressOf(control: Int32Array, options: TransferOptions): () => void {
  let last = 0;
  return () => {
    const now = Atomics.load(control, DONE);
    const more = (now - last) >>> 0;
    last = now;
    if (more > 0) options.progress?.(more);
  };
}

async function makeAll(
  sources: readonly ByteSource[],
  made: Sorted['made'],
  options: TransferOptions,
  target: Target | undefined,
  found: Digests[],
): Promise<void> {
  const writer = target?.writer;
  let sinceTurn = 0;
  // Sources in memory answer at once; without a turn of the event loop now and then no abort would ever arrive.
  const pause = async (bytes: number): Promise<void> => {
    sinceTurn += bytes;
    if (sinceTurn < TURN) return;
    sinceTurn = 0;
    await turn();
  };
  for (const { index, position } of made) {
    found[index] = await makeOne(sources[index]!, options, writer, position, pause);
  }
}

async function makeOne(
  source: ByteSource,
  options: TransferOptions,
  writer: PositionedWriter | undefined,
  position: number,
  pause?: (bytes: number) => Promise<void>,
): Promise<Digests> {
  if (source.size > Math.min(BLOCK, source.block ?? BLOCK)) {
    let at = position;
    return digestBlocks(source, options, async (bytes) => {
      writer?.put(bytes, at);
      at += bytes.length;
      await pause?.(bytes.length);
    });
  }
  // The same for a source of one block, without the machinery that 200,000 small ones would each pay for.
  const { signal } = options;
  const bytes = source.size === 0 ? new Uint8Array(0) : await source.read(0, source.size, { signal });
  const want = wanted(source, options);
  const found = {
    crc32: want.crc32 ? options.platform.crc32(bytes) : undefined,
    sha256: want.sha256 ? sha256(bytes, 'hex') : undefined,
  };
  writer?.put(bytes, position);
  if (bytes.length > 0) options.progress?.(bytes.length);
  compareDigests(source, found, options);
  await pause?.(bytes.length);
  return found;
}

function faultError(fault: Fault, files: readonly DiskFile[], target: Target | undefined): Error {
  const file = files[fault.piece]!;
  if (fault.side === 'short') return shrunk(file, fault.offset);
  const [doing, path] =
    fault.side === 'write' ? (['written', target?.path ?? ''] as const) : (['read', file.path] as const);
  if (fault.code === undefined)
    return new TorshError('io', `${path} could not be ${doing}: ${fault.message}.`);
  return errorOf(fault.code, doing, path, fault.side === 'read' ? { offset: fault.offset } : {});
}
