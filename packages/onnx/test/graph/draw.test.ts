import { readFile } from 'node:fs/promises';
import { fromBytes, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { drawModel } from '../../src/graph/draw.ts';
import { decodeModel } from '../../src/message/decode.ts';
import { modelOf, own, type } from '../check/models.ts';
import { encode, type Fields } from '../encode.ts';

async function drawn(model: Fields | string, part?: string) {
  const bytes =
    typeof model === 'string'
      ? await readFile(new URL(`../../../../fixtures/onnx/${model}.onnx`, import.meta.url))
      : encode('ModelProto', model);
  const source = fromBytes(bytes);
  return drawModel(await decodeModel(source, { limits: withLimits({}) }), { source, part });
}

/** The arrows of a drawing. */
const arrows = (dot: string) =>
  Array.from(dot.matchAll(/^ {2}(\w+) -> (\w+) /gm), ([, from, to]) => `${from} ${to}`);

const weight = { name: 'w', dims: [2], data_type: 1, raw_data: new Uint8Array(8) };

describe('a drawing', () => {
  it('has nodes, inputs, outputs, and arrows with names and shapes', async () => {
    const node = [own(['x', 'w'], ['a']), own(['a', 'x'], ['y'])];
    const { dot, parts } = await drawn(
      modelOf({ node, initializer: [weight], output: [{ name: 'y', type }] }),
    );
    expect(arrows(dot).sort()).toEqual(['n0 n1', 'n1 o0', 'v0 n0', 'v0 n1']);
    expect(parts).toBe(4 + 4);
    expect(dot).toContain('own.Own');
    // Weights are lines, not nodes.
    expect(dot).toContain('w  2</FONT>');
  });

  it('draws one arrow for a value that a node takes twice', async () => {
    const { dot } = await drawn(modelOf({ node: [own(['x', 'x'], ['a'])] }));
    expect(arrows(dot)).toEqual(['v0 n0']);
  });

  it('says what names of sizes there are', async () => {
    expect((await drawn('external-one/model')).dot).toContain('n×3');
  });

  it('makes nothing of hostile names but text', async () => {
    const name = '</FONT>>"];\n}\u0000\u202e\ufffe<IMG SRC="/etc/passwd"/>&lt;\\';
    const node = [own(['x', name], [`${name}2`], { name, op_type: name })];
    const { dot } = await drawn(modelOf({ name, node, output: [{ name: `${name}2`, type }] }));
    expect(dot).not.toMatch(/<IMG|\0|\u202e|\ufffe|SRC="/);
    expect(dot).toContain('&amp;lt;');
    expect(dot.match(/^}$/gm)).toHaveLength(1);
  });
});

describe('a part', () => {
  it('is a graph within a node, by its path', async () => {
    const path = 'graph/node[0]("If")/attribute[1]("then_branch")/g';
    const { dot } = await drawn('nested-if', path);
    expect(dot).toContain('then_branch');
    expect((await drawn('nested-if')).dot).not.toBe(dot);
  });

  it('is a function, by its path', async () => {
    await expect(drawn('functions', 'functions[0]')).rejects.toMatchObject({ code: 'not-found' });
    const { dot } = await drawn('functions', 'functions[0]("Scale")');
    expect(arrows(dot).length).toBeGreaterThan(0);
  });

  it('is the nodes of a module, by the beginning of their names', async () => {
    const node = [
      own(['x'], ['a'], { name: '/block.1/conv' }),
      own(['a'], ['b'], { name: '/block.1/sub/conv' }),
      own(['b'], ['c'], { name: '/block.10/conv' }),
    ];
    const { dot } = await drawn(modelOf({ node, output: [{ name: 'c', type }] }), '/block.1');
    expect(arrows(dot)).toEqual(['v0 n0', 'n0 n1']);
  });

  it('that is not there is an error that names those that are', async () => {
    const node = [own(['x'], ['a'], { name: '/block.1/conv' })];
    const error = await drawn(modelOf({ node }), 'elsewhere').catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'not-found', message: expect.stringContaining('/block.1') });
  });
});
