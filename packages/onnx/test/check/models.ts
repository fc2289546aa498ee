import { type ByteSource, fromBytes, withLimits } from '@torsh/bytes';
import type { Finding } from '@torsh/core';
import { checkModel } from '../../src/check/check.ts';
import { decodeModel } from '../../src/message/decode.ts';
import { encode, type Fields } from '../encode.ts';

/** A tensor type with a shape. */
export const type = { tensor_type: { elem_type: 1, shape: { dim: [{ dim_value: 2 }] } } };

/** A model around a graph, of which the parts that are left out are right. */
export function modelOf(graph: Fields, rest: Fields = {}): Fields {
  const whole = { name: 'main', input: [{ name: 'x', type }], ...graph };
  return {
    ir_version: 10,
    graph: whole,
    opset_import: [{ version: 21 }, { domain: 'own', version: 1 }],
    ...rest,
  };
}

/** A node of an operator of nobody's, so that only general rules hold. */
export function own(input: readonly string[], output: readonly string[], rest: Fields = {}): Fields {
  return { input, output, op_type: 'Own', domain: 'own', ...rest };
}

/** What checking a model finds: `rule path`, in order. */
export async function rulesOf(
  model: Fields | ByteSource,
  files: Readonly<Record<string, number>> = {},
): Promise<string[]> {
  return (await findingsOf(model, files)).map(({ rule, path }) => `${rule} ${path}`);
}

/** What checking a model finds. */
export async function findingsOf(
  model: Fields | ByteSource,
  files: Readonly<Record<string, number>> = {},
): Promise<Finding[]> {
  const source = isSource(model) ? model : fromBytes(encode('ModelProto', model));
  const found: Finding[] = [];
  await checkModel(await decodeModel(source, { limits: withLimits({}) }), {
    source,
    sizeOf: async (path) => files[path],
    found: (finding) => found.push(finding),
  });
  return found;
}

function isSource(model: Fields | ByteSource): model is ByteSource {
  return typeof model.read === 'function';
}
