import type { ByteSource } from '@torsh/bytes';
import type { JsonObject, Summary } from '@torsh/core';
import { pathOf } from '../check/place.ts';
import type { ModelProto } from '../schema/message.ts';
import { bodiesOf } from './bodies.ts';
import type { ModelSummary } from './facts.ts';
import { factRows } from './rows.ts';
import { signature } from './signature.ts';
import { countWeights } from './weights.ts';
import { byCount, count, nameOf, workOf } from './work.ts';

/** Subgraphs that are named: a path can be long, and there can be many. */
const PARTS = 100;

/** Looks through a model. */
export async function summaryOf(
  model: ModelProto,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<ModelSummary> {
  const bodies = [...bodiesOf(model)];
  const subgraphs = bodies.filter(({ kind }) => kind === 'subgraph');
  const operators = new Map<string, number>();
  for (const { node } of bodies) for (const each of node) count(operators, nameOf(each));
  const opsets: Record<string, number> = Object.create(null);
  for (const { domain = '', version = 0 } of model.opset_import)
    opsets[domain || 'ai.onnx'] = Number(version);
  const { graph } = model;
  return {
    ir_version: model.ir_version ?? 0,
    opsets,
    producer: [model.producer_name, model.producer_version].filter((part) => part).join(' '),
    inputs: signature(inputsOf(graph)),
    outputs: signature(graph?.output ?? []),
    nodes: bodies.reduce((sum, { node }) => sum + node.length, 0),
    operators: byCount(operators),
    subgraphs: subgraphs.length,
    parts: subgraphs.slice(0, PARTS).map(({ place }) => pathOf(place)),
    functions: model.functions.map(({ domain = '', name = '' }) =>
      domain === '' ? name : `${domain}.${name}`,
    ),
    weights: countWeights(bodies),
    work: graph === undefined ? null : await workOf(graph, source, signal),
  };
}

/** The summary as a format gives it: facts for programs, rows for people. */
export async function summarise(
  model: ModelProto,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<Summary> {
  const summary = await summaryOf(model, source, signal);
  return { facts: summary as unknown as JsonObject, rows: factRows(summary) };
}

/** Weights with a default are inputs, too, up to IR version 3; whoever runs the model does not give them. */
function inputsOf(graph: ModelProto['graph']) {
  const weights = new Set(graph?.initializer.map(({ name }) => name));
  return graph?.input.filter(({ name }) => !weights.has(name)) ?? [];
}
