import { isTorshError } from '../errors.ts';
import { CutOff } from './body.ts';
import { type UrlOptions, usual } from './options.ts';
import { io } from './refusal.ts';

/** An answer that may be another one the next time. */
export class Passing extends Error {
  override readonly name = 'Passing';
  /** What is said when it was the last attempt. */
  readonly final: Error;
  /** What the server asks to wait, in milliseconds. */
  readonly wait: number | undefined;

  constructor(final: Error, wait?: number) {
    super(final.message);
    this.final = final;
    this.wait = wait;
  }
}

/** Nobody waits longer than this for one more attempt, whatever a server asks for. */
const LONGEST = 30_000;

/** Does a piece of work until it succeeds, fails for good, or has failed too often. `alive` tells that it moves on. */
export async function attempt<T>(
  work: (signal: AbortSignal, alive: () => void) => Promise<T>,
  shown: string,
  options: UrlOptions,
  signals: readonly (AbortSignal | undefined)[],
): Promise<T> {
  const { retries = usual.retries, delay = usual.delay, patience = usual.patience } = options;
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined));
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    try {
      return await watched(work, patience, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isTorshError(error)) throw error;
      const passing = error instanceof Passing ? error : new Passing(lost(error, shown));
      if (failures >= retries) throw passing.final;
      await pause(Math.min(passing.wait ?? delay * 2 ** failures, LONGEST), signal);
    }
  }
}

function lost(error: unknown, shown: string): Error {
  const why = error instanceof CutOff ? 'the connection broke off' : `${reasonOf(error)}`;
  return io(`${shown} could not be read: ${why}. Check the address and the network.`, shown, error);
}

/** The innermost reason: `fetch` says no more than that it failed. */
function reasonOf(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < 5 && inner instanceof Error && inner.cause instanceof Error; depth++)
    inner = inner.cause;
  return inner instanceof Error && inner.message !== '' ? inner.message : 'the network failed';
}

/** Work with a signal that also ends it when nothing has come for too long. */
async function watched<T>(
  work: (signal: AbortSignal, alive: () => void) => Promise<T>,
  patience: number,
  signal: AbortSignal,
): Promise<T> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`nothing came for ${patience / 1000} s`)), patience);
  };
  alive();
  try {
    return await work(AbortSignal.any([signal, silence.signal]), alive);
  } finally {
    clearTimeout(timer);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}

/** What a `Retry-After` header asks for, in milliseconds; a date there would need a clock, and is rare. */
export function waitOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : undefined;
}
