import { fromBytes, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { drawModel } from '../../src/graph/draw.ts';
import { decodeModel } from '../../src/message/decode.ts';
import { summarise } from '../../src/summary/summary.ts';
import { modelOf, own, type } from '../check/models.ts';
import { encode, type Fields } from '../encode.ts';

async function both(model: Fields) {
  const source = fromBytes(encode('ModelProto', model));
  const decoded = await decodeModel(source, { limits: withLimits({}) });
  const { facts, rows } = await summarise(decoded, source, undefined);
  return { facts, rows, drawing: await drawModel(decoded, { source }) };
}

const node = (op_type: string, input: readonly string[], output: string): Fields => ({
  op_type,
  input,
  output: [output],
});

describe('a graph', () => {
  it('that doubles the dimensions of a value again and again', async () => {
    const nodes = Array.from({ length: 200 }, (_, index) =>
      node('Gather', [`v${index}`, `v${index}`], `v${index + 1}`),
    );
    const { facts } = await both(modelOf({ input: [{ name: 'v0', type }], node: nodes }));
    expect(facts.work).toMatchObject({ macs: 0, flops: 0 });
  });

  it('of shapes with very many dimensions', async () => {
    const dim = Array.from({ length: 20_000 }, () => ({ dim_value: 1 }));
    const wide = { name: 'x', type: { tensor_type: { elem_type: 1, shape: { dim } } } };
    const nodes = Array.from({ length: 1_000 }, (_, index) => node('Add', ['x', 'x'], `v${index}`));
    const { facts, rows } = await both(modelOf({ input: [wide], node: nodes }));
    expect(facts.work).toMatchObject({ shapeless: { Add: 1_000 } });
    expect(Object.fromEntries(rows).inputs!.length).toBeLessThan(100);
  });

  it('of sizes whose product is no number', async () => {
    const huge = {
      name: 'x',
      type: {
        tensor_type: { elem_type: 1, shape: { dim: [{ dim_value: 2 ** 52 }, { dim_value: 2 ** 52 }] } },
      },
    };
    const { facts } = await both(modelOf({ input: [huge], node: [node('MatMul', ['x', 'x'], 'y')] }));
    expect(facts.work).toMatchObject({ macs: 0, shapeless: { MatMul: 1 } });
  });

  it('with a node of very many inputs, outputs and graphs', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `v${index}`);
    const graphs = Array.from({ length: 130_000 }, () => ({ name: 'g' }));
    const nodes = [
      own(['x'], many),
      node('Concat', many, 'c'),
      own(['x'], ['z'], { attribute: [{ name: 'a', graphs }] }),
    ];
    const { facts, drawing } = await both(modelOf({ node: nodes }));
    expect(facts).toMatchObject({ subgraphs: 130_000 });
    expect(facts.parts).toHaveLength(100);
    expect(drawing.parts).toBeGreaterThan(20_000);
  });

  it('with names as long as the file', async () => {
    const name = 'n'.repeat(1_000_000);
    const { rows, drawing } = await both(
      modelOf({ name, node: [own(['x'], [name], { op_type: name, name })] }),
    );
    for (const [, text] of rows) expect(text.length).toBeLessThan(300);
    expect(drawing.dot.length).toBeLessThan(5_000);
  });
});
