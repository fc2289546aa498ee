import type { JsonObject } from '@torsh/core';
import type { ModelProto, StringStringEntryProto } from '../schema/message.ts';
import { signature } from './signature.ts';

/** Longer texts are in the graph only: metadata are for people and programs that look around. */
const SHOWN = 4096;

/** What a model says of itself, for those who do not read ONNX. The graph has all of it, too. */
export function factsOf(model: ModelProto): JsonObject {
  const { graph, producer_name, producer_version, domain, doc_string } = model;
  return {
    ...(model.ir_version === undefined ? {} : { ir_version: model.ir_version }),
    opset_import: model.opset_import.map(({ domain: of = '', version = 0 }) => ({
      domain: of,
      version: Number(version),
    })),
    ...texts({ producer_name, producer_version, domain, doc_string }),
    ...(model.model_version === undefined ? {} : { model_version: String(model.model_version) }),
    ...(graph?.name === undefined ? {} : texts({ graph_name: graph.name })),
    inputs: signature(graph?.input ?? []),
    outputs: signature(graph?.output ?? []),
    ...(model.metadata_props.length === 0 ? {} : { metadata_props: pairs(model.metadata_props) }),
    ...(model.functions.length === 0
      ? {}
      : {
          functions: model.functions.map(({ name = '', domain: of = '', overload = '' }) => ({
            domain: of,
            name,
            overload,
          })),
        }),
    ...(model.training_info.length === 0 ? {} : { training_graphs: model.training_info.length }),
  };
}

function texts(all: { readonly [key: string]: string | undefined }): JsonObject {
  const short = Object.entries(all).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1].length <= SHOWN,
  );
  return Object.fromEntries(short);
}

function pairs(entries: readonly StringStringEntryProto[]): JsonObject[] {
  return entries
    .filter(({ value = '' }) => value.length <= SHOWN)
    .map(({ key = '', value = '' }) => ({ key, value }));
}
