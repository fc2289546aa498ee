import { fromBytes } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { encode } from '../encode.ts';
import { message, text, varint } from '../wire.ts';
import { findingsOf, modelOf, own, rulesOf } from './models.ts';

/** A model whose graph holds a graph that holds a graph, and so on. */
function nested(depth: number): Uint8Array {
  // From the inside outwards, each time around the same bytes: copied once for each level, so quadratic but small.
  let graph = text(2, 'g');
  for (let level = 0; level < depth; level++) {
    const attribute = message(5, text(1, 'a'), varint(20, 5), message(6, graph));
    graph = message(1, text(4, 'Own'), text(7, 'own'), text(2, `o${level}`), attribute);
    graph = Uint8Array.from([...text(2, 'g'), ...graph]);
  }
  const head = encode('ModelProto', { ir_version: 8, opset_import: [{ domain: 'own', version: 1 }] });
  return Uint8Array.from([...head, ...message(7, graph)]);
}

describe('nesting', () => {
  it('goes as deep as readers of protobuf go', async () => {
    expect(await rulesOf(fromBytes(nested(33)))).toEqual([]);
    const [finding] = await findingsOf(fromBytes(nested(34)));
    expect(finding).toMatchObject({
      rule: 'nesting',
      path: expect.stringMatching(/^graph(\/node\/attribute\/g){33}\/node$/),
    });
  });

  it('is refused while decoding where it is an attack', async () => {
    await expect(rulesOf(fromBytes(nested(1_000)))).rejects.toMatchObject({ code: 'limit' });
  });
});

describe('a large graph', () => {
  it('of nodes that are all wrong is checked in the time that it takes to read', async () => {
    const node = Array.from({ length: 20_000 }, (_, index) => own([`n${index + 1}`], [`n${index}`]));
    expect(await rulesOf(modelOf({ node }))).toHaveLength(20_000);
  });

  it('with a node of many equal inputs says so once', async () => {
    const node = [own(Array(100_000).fill('nowhere'), ['y'])];
    expect(await rulesOf(modelOf({ node }))).toEqual(['order graph/node[0]("Own")']);
  });
});
