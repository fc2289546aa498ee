import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { TorshError } from '@torsh/bytes';
import type { Fault, Tables } from './transfer-loop.js';

/** More threads than this wait for memory and disk, not for a core. */
const MOST = 4;

/** How many threads copy at once, the main thread among them. */
export function threads(): number {
  return Math.min(availableParallelism(), MOST);
}

/** The worker threads of one sink: started when first needed, kept for the next transfer, ended with the sink. */
export interface Crew {
  readonly size: number;
  /** Lets every worker take jobs until none are left; one answer from each. */
  work(tables: Tables): Promise<(Fault | undefined)[]>;
  dismiss(): Promise<void>;
}

/** A crew of so many workers; none is started yet. */
export function crew(size: number): Crew {
  let workers: Worker[] = [];
  const start = (): Worker => {
    const worker = new Worker(new URL('./transfer-worker.js', import.meta.url), {
      name: 'torsh copy',
      execArgv: [],
      stdin: false,
      // The loop keeps nothing on the heap; small bounds keep the memory of a thread small.
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    return worker;
  };
  return {
    size,
    async work(tables) {
      while (workers.length < size) workers.push(start());
      return Promise.all(workers.map((worker) => answer(worker, tables)));
    },
    async dismiss() {
      const leaving = workers;
      workers = [];
      await Promise.all(leaving.map((worker) => worker.terminate()));
    },
  };
}

/** An idle worker must not keep the process alive; a busy one must. */
function answer(worker: Worker, tables: Tables): Promise<Fault | undefined> {
  return new Promise<Fault | undefined>((resolve, reject) => {
    const settle = (then: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      then();
    };
    const onMessage = (fault: Fault | undefined): void => settle(() => resolve(fault));
    const onError = (error: Error): void => settle(() => reject(ended(error)));
    const onExit = (): void => settle(() => reject(ended()));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    worker.postMessage(tables);
  });
}

function ended(cause?: Error): TorshError {
  return new TorshError('io', 'A copying thread ended before its work did; is the memory used up?', {
    cause,
  });
}
