import { fromBytes, withLimits } from '@torsh/bytes';
import { onnx as witness } from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { decodeModel, type GraphProto, type ModelProto, type TensorProto } from '../../src/index.ts';
import { fixture, fixtureNames } from '../fixtures.ts';

/** onnx-proto knows ONNX up to IR version 8, and has no word for what is absent: there it is the empty value. */
const models: [name: string, bytes: Uint8Array][] = fixtureNames.map((name) => {
  const { entry, files } = fixture(name);
  return [name, files.get(entry)!];
});

function graphOf(graph: GraphProto): unknown {
  return {
    name: graph.name ?? '',
    nodes: graph.node.map(({ name, op_type, domain, input, output, attribute }) => ({
      name: name ?? '',
      op_type: op_type ?? '',
      domain: domain ?? '',
      input,
      output,
      attributes: attribute.map((each) => [
        each.name ?? '',
        each.type ?? 0,
        each.ints.map(String),
        each.floats,
      ]),
      subgraphs: attribute.flatMap(({ g }) => (g === undefined ? [] : [graphOf(g)])),
    })),
    initializers: graph.initializer.map(tensorOf),
    inputs: graph.input.map(({ name, type }) => [name, type?.tensor_type?.elem_type ?? 0]),
    outputs: graph.output.map(({ name }) => name),
  };
}

const tensorOf = ({ name, data_type, dims, raw_data }: TensorProto): unknown => [
  name ?? '',
  data_type ?? 0,
  dims,
  raw_data.at(-1)?.length ?? 0,
];

function seenBy(graph: witness.IGraphProto): unknown {
  return {
    name: graph.name ?? '',
    nodes: (graph.node ?? []).map(({ name, opType, domain, input, output, attribute }) => ({
      name: name ?? '',
      op_type: opType ?? '',
      domain: domain ?? '',
      input,
      output,
      attributes: (attribute ?? []).map((each) => [
        each.name ?? '',
        each.type ?? 0,
        (each.ints ?? []).map(String),
        each.floats,
      ]),
      subgraphs: (attribute ?? []).flatMap(({ g }) => (g ? [seenBy(g)] : [])),
    })),
    initializers: (graph.initializer ?? []).map(({ name, dataType, dims, rawData }) => [
      name ?? '',
      dataType ?? 0,
      (dims ?? []).map(Number),
      rawData?.length ?? 0,
    ]),
    inputs: (graph.input ?? []).map(({ name, type }) => [name, type?.tensorType?.elemType ?? 0]),
    outputs: (graph.output ?? []).map(({ name }) => name),
  };
}

describe('onnx-proto sees the same', () => {
  // What it does not know it drops; what is compared is what both know, so that newer models can be shown to it, too.
  const shown = models.filter(([name]) => !name.startsWith('wire'));
  it.each(shown)('in %s', async (_, bytes) => {
    const model: ModelProto = await decodeModel(fromBytes(bytes), { limits: withLimits({}) });
    const seen = witness.ModelProto.decode(bytes);
    expect(model.ir_version).toBe(Number(seen.irVersion));
    expect(graphOf(model.graph!)).toEqual(seenBy(seen.graph!));
    expect(model.opset_import.map(({ version }) => Number(version))).toEqual(
      seen.opsetImport.map(({ version }) => Number(version)),
    );
  });
});
