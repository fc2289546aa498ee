import { Worker } from 'node:worker_threads';
import { type Limits, TorshError } from '@torsh/bytes';
import type { Drawing } from '@torsh/core';
import type { RenderResult } from '@viz-js/viz';

/**
 * How hard Graphviz may try. Its search for the nicest places takes time that grows with the square of the graph and
 * more, so it is cut shorter for larger ones; edges of the largest are straight.
 */
const efforts: readonly {
  readonly upTo: number;
  readonly attributes: { readonly [name: string]: string };
}[] = [
  { upTo: 500, attributes: {} },
  { upTo: 1500, attributes: { nslimit: '2', nslimit1: '2', mclimit: '0.2' } },
  {
    upTo: Number.POSITIVE_INFINITY,
    attributes: { nslimit: '1', nslimit1: '1', mclimit: '0.1', splines: 'line' },
  },
];

/**
 * Boxes are measured for a font whose letters are wide, and texts shown in whatever sans-serif font there is: with another
 * one than Graphviz measures they would not fit.
 */
const MEASURED = 'Courier';
const SHOWN = 'Helvetica, Arial, sans-serif';

/** What XML has no place for; a NUL would even end the text that Graphviz reads. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The picture of a graph as an SVG document, drawn by Graphviz in a thread of its own. */
export async function renderSvg(drawing: Drawing, limits: Limits, signal: AbortSignal): Promise<string> {
  if (drawing.parts > limits.drawing) {
    throw new TorshError(
      'limit',
      `The graph has ${drawing.parts} nodes and edges, more than fit into one picture (drawing: ${limits.drawing}). Draw a part of it, or take its text with --dot.`,
    );
  }
  const effort = efforts.find(({ upTo }) => drawing.parts <= upTo)!.attributes;
  const result = await draw(
    { dot: drawing.dot.replace(UNWRITABLE, '\u{FFFD}'), font: MEASURED, effort },
    signal,
  );
  if (result.status === 'failure') {
    const reason = result.errors.map(({ message }) => message).join('; ');
    throw new TorshError(
      'unsupported',
      `Graphviz cannot draw this graph: ${reason}. Take its text with --dot.`,
    );
  }
  // Without the document type: it names a file on a server, which careful readers refuse.
  const svg = result.output.slice(result.output.indexOf('<svg'));
  const body = svg.replaceAll(` font-family="${MEASURED},monospace"`, ` font-family="${SHOWN}"`);
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n${body}`;
}

function draw(
  workerData: { dot: string; font: string; effort: object },
  signal: AbortSignal,
): Promise<RenderResult> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./svg-worker.js', import.meta.url), { workerData, execArgv: [] });
    const stop = (): void => {
      reject(signal.reason);
      void worker.terminate();
    };
    signal.addEventListener('abort', stop);
    worker.on('message', resolve).on('error', (cause) => {
      reject(
        new TorshError('unsupported', `Graphviz failed: ${cause}. Take its text with --dot.`, { cause }),
      );
    });
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('The thread that draws ended without a picture.'));
    });
  });
}
