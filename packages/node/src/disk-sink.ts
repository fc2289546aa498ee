import fs from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSink, ByteSource, Digests, TransferOptions } from '@torsh/bytes';
import { ioError } from './io-error.ts';
import { positionedWriter } from './positioned-writer.ts';
import { isLittle, moveLittle, moveSources, WORTH_THREADS } from './transfer.ts';
import { type Crew, crew, threads } from './transfer-crew.ts';
import { writeBack } from './write-back.ts';

const sync = promisify(fs.fsync);

/** What happens when a sink has ended: after its file was synced and closed, or after it was given up. */
export interface Ending {
  close(): void | Promise<void>;
  abort(): void | Promise<void>;
}

/** What a sink on disk is called and what becomes of it. */
export interface DiskSinkOptions {
  /** The name that people know the file by. */
  readonly path: string;
  /** Whether closing waits for the disk; it does unless told otherwise. */
  readonly fsync?: boolean | undefined;
  /** The permissions of the file, whatever the system gives to new ones. */
  readonly mode?: number | undefined;
  readonly ending: Ending;
}

/** A sink on a new file at `at`, which must not exist. */
export function diskSink(at: string, { path, fsync = true, mode, ending }: DiskSinkOptions): ByteSink {
  let fd: number | undefined = create(at, path, mode);
  const writer = positionedWriter(fd, path);
  const early = fsync ? writeBack(fd) : undefined;
  let position = 0;
  let moved = 0;
  let helpers: Crew | undefined;
  let running: Promise<unknown> | undefined;
  let giveUp: AbortController | undefined;

  const usable = (): number => {
    if (fd === undefined) throw new TypeError(`${path} was ended and is still written`);
    if (running !== undefined) throw new TypeError(`${path} is written while a transfer to it is under way`);
    return fd;
  };
  const crewFor = (bytes: number): Crew | undefined => {
    moved += bytes;
    if (helpers === undefined && moved >= WORTH_THREADS && threads() > 1) helpers = crew(threads() - 1);
    // A message to a thread and back costs about as much as moving this much alone.
    return bytes >= 1024 * 1024 ? helpers : undefined;
  };
  /** Lends a signal that also hears of the sink being given up. */
  const stoppable = async <T>(
    options: TransferOptions,
    work: (lent: TransferOptions) => Promise<T>,
  ): Promise<T> => {
    const { signal } = options;
    signal?.throwIfAborted();
    const stop = new AbortController();
    const forward = (): void => stop.abort(signal?.reason);
    giveUp = stop;
    signal?.addEventListener('abort', forward);
    const progress = (bytes: number): void => {
      early?.wrote(bytes);
      options.progress?.(bytes);
    };
    try {
      return await work({ ...options, signal: stop.signal, progress });
    } finally {
      signal?.removeEventListener('abort', forward);
    }
  };
  const end = async (): Promise<void> => {
    const last = fd;
    fd = undefined;
    await helpers?.dismiss();
    await early?.settle();
    if (last !== undefined) fs.closeSync(last);
  };

  return {
    get position() {
      return position;
    },
    async write(bytes) {
      usable();
      writer.put(bytes, position);
      position += bytes.length;
    },
    async transfer(sources: readonly ByteSource[], options: TransferOptions): Promise<Digests[]> {
      const target = { fd: usable(), path, position, writer };
      const total = sources.reduce((sum, { size }) => sum + size, 0);
      const work = isLittle(sources)
        ? moveLittle(sources, options, target)
        : stoppable(options, (lent) => moveSources(sources, lent, crewFor(total), target));
      running = work.catch(() => undefined);
      try {
        const digests = await work;
        position += total;
        return digests;
      } finally {
        running = undefined;
      }
    },
    async close() {
      const last = usable();
      try {
        writer.flush();
        if (fsync) await sync(last);
      } catch (error) {
        await end();
        await ending.abort();
        throw ioError(error, 'written', path);
      }
      await end();
      await ending.close();
    },
    async abort(reason) {
      if (fd === undefined) return;
      giveUp?.abort(reason);
      await running;
      await end();
      await ending.abort();
    },
  };
}

function create(at: string, path: string, mode: number | undefined): number {
  try {
    // Nobody may look into it before it has its permissions.
    const fd = fs.openSync(at, 'wx', mode === undefined ? 0o666 : 0o600);
    if (mode !== undefined) fs.fchmodSync(fd, mode);
    return fd;
  } catch (error) {
    throw ioError(error, 'written', path);
  }
}
