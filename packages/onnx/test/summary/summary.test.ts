import { readFile } from 'node:fs/promises';
import { fromBytes, withLimits } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { decodeModel } from '../../src/message/decode.ts';
import { summarise, summaryOf } from '../../src/summary/summary.ts';
import { encode, type Fields } from '../encode.ts';

async function fixture(name: string) {
  const source = fromBytes(
    await readFile(new URL(`../../../../fixtures/onnx/${name}.onnx`, import.meta.url)),
  );
  return [await decodeModel(source, { limits: withLimits({}) }), source, undefined] as const;
}

it('counts operators of functions and subgraphs, too', async () => {
  const nested = await summaryOf(...(await fixture('nested-if')));
  expect(nested).toMatchObject({ nodes: 20, operators: { Add: 7, Constant: 7, If: 6 }, functions: [] });
  expect(nested.subgraphs).toBe(12);
  expect(nested.parts[0]).toBe('graph/node[0]("If")/attribute[0]("else_branch")/g');
  const functions = await summaryOf(...(await fixture('functions')));
  // One of them has two overloads.
  expect(functions.functions).toEqual(['own.Scale', 'own.Shift', 'own.Scale']);
  expect(functions.operators).toMatchObject({ 'own.Scale': 2, Mul: 1 });
});

it('tells where weights lie and of what types they are', async () => {
  const { weights } = await summaryOf(...(await fixture('external-one/model')));
  expect(weights).toEqual({
    parameters: 8,
    bytes: 32,
    types: { FLOAT: { tensors: 2, elements: 8, bytes: 32 } },
    external: { 'weights.bin': 2 },
  });
});

it('leaves weights out of inputs', async () => {
  const { inputs } = await summaryOf(...(await fixture('ir-3')));
  expect(inputs.map(({ name }) => name)).toEqual(['x']);
});

it('is rows for people', async () => {
  const { rows } = await summarise(...(await fixture('external-one/model')));
  expect(Object.fromEntries(rows)).toEqual({
    'operator sets': 'ai.onnx 21 (IR version 10)',
    producer: 'torsh fixtures',
    inputs: 'x tensor(float) [n, 3]',
    outputs: 'y tensor(float) [n, 2]',
    nodes: '2',
    operators: 'Add × 1, MatMul × 1',
    weights: '8 parameters: FLOAT × 2',
    external: 'weights.bin × 2',
    work: '6 MACs, 14 FLOPs; with n = 1',
  });
});

it('takes names as they are', async () => {
  const node: Fields[] = [{ op_type: '__proto__' }, { op_type: 'constructor', domain: '__proto__' }];
  const source = fromBytes(
    encode('ModelProto', { graph: { node }, opset_import: [{ domain: '__proto__', version: 3 }] }),
  );
  const { facts } = await summarise(await decodeModel(source, { limits: withLimits({}) }), source, undefined);
  expect(JSON.parse(JSON.stringify(facts))).toMatchObject(
    JSON.parse('{"operators": {"__proto__": 1, "__proto__.constructor": 1}, "opsets": {"__proto__": 3}}'),
  );
});
