// The thread that draws one picture: Graphviz computes without a pause, and here it can be ended at any time.
import { parentPort, workerData } from 'node:worker_threads';
import { instance } from '@viz-js/viz';

const { dot, font, effort } = workerData;
const fontname = { fontname: font };
const options = {
  format: 'svg',
  graphAttributes: { ...effort, ...fontname },
  nodeAttributes: fontname,
  edgeAttributes: fontname,
};
const graphviz = await instance();
parentPort?.postMessage(graphviz.render(dot, options));
