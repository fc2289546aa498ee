// One thread of a crew: takes tables, works until no job is left, says how it went.
import { parentPort } from 'node:worker_threads';
import { work } from './transfer-loop.js';

parentPort?.on('message', (tables) => {
  const steps = work(tables);
  for (;;) {
    const { done, value } = steps.next();
    if (!done) continue;
    parentPort?.postMessage(value);
    return;
  }
});
