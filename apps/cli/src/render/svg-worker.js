// The thread that draws one picture: Graphviz computes without a pause, and here it can be ended at any time.
import { parentPort, workerData } from 'node:worker_threads';
import { instance } from '@viz-js/viz';

const graphviz = await instance();
parentPort?.postMessage(
  graphviz.render(workerData.dot, { format: 'svg', graphAttributes: workerData.effort }),
);
