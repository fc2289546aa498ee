import { describe, expect, it } from 'vitest';
import { findingsOf, modelOf, own, rulesOf, type } from './models.ts';

const tensor = { name: 'w', dims: [2], data_type: 1, raw_data: new Uint8Array(8) };

describe('a model', () => {
  it('that is right has no findings', async () => {
    const node = [{ input: ['x', 'w'], output: ['y'], op_type: 'Add' }];
    const graph = { node, initializer: [tensor], output: [{ name: 'y', type }] };
    expect(await rulesOf(modelOf(graph))).toEqual([]);
  });

  it('shows all that is wrong, each with its place', async () => {
    const node = [
      own(['nowhere'], ['a'], { name: 'first' }),
      own(['x'], ['a'], {
        attribute: [{ name: 'k', type: 4, t: { ...tensor, raw_data: new Uint8Array(7) } }],
      }),
      { input: ['x'], output: ['b'], op_type: 'Add', attribute: [{ name: 'axis', type: 2, i: 1 }] },
    ];
    const graph = { name: '', node, initializer: [tensor, tensor], output: [{ name: 'q', type }] };
    const metadata_props = [{ key: 'k' }, { key: 'k' }];
    expect(await rulesOf(modelOf(graph, { ir_version: 15, metadata_props }))).toEqual([
      'ir-version ir_version',
      'metadata-keys metadata_props[1]("k")',
      'graph-name graph',
      'initializer-unique graph/initializer[1]("w")',
      'order graph/node[0]("first")',
      'data-size graph/node[1]("Own")/attribute[0]("k")/t',
      'single-assignment graph/node[1]("Own")',
      'operator-inputs graph/node[2]("Add")',
      'operator-attributes graph/node[2]("Add")/attribute[0]("axis")',
      'output-made graph/output[0]("q")',
    ]);
  });

  it('may name things as it likes', async () => {
    const name = 'a"\n/\u{202e}'.padEnd(100, 'x');
    const [finding] = await findingsOf(modelOf({ node: [own(['nowhere'], ['y'], { name })] }));
    expect(finding!.path).toMatch(/^graph\/node\[0\]\("a\\"\\n\/\u{202e}x+…"\)$/u);
  });

  it('is warned of operators that nobody defines', async () => {
    const node = [{ input: ['x'], output: ['y'], op_type: 'ScaledTanh' }];
    expect(await findingsOf(modelOf({ node }))).toMatchObject([{ severity: 'warning', rule: 'operator' }]);
  });
});

describe('names', () => {
  const branch = (name: string, node: object[], output: string) => ({
    name: 'g',
    type: 5,
    g: { name, node, output: [{ name: output }] },
  });

  it('of outer graphs are known inside, and not the other way round', async () => {
    const inner = branch('inner', [own(['x', 'early'], ['i'])], 'i');
    const node = [own(['x'], ['early']), own(['x'], ['z'], { attribute: [inner] }), own(['i'], ['late'])];
    expect(await rulesOf(modelOf({ node }))).toEqual(['order graph/node[2]("Own")']);
  });

  it('of later values are not known inside', async () => {
    const inner = branch('inner', [own(['late'], ['i'])], 'i');
    const node = [own(['x'], ['z'], { attribute: [inner] }), own(['x'], ['late'])];
    const at = 'graph/node[0]("Own")/attribute[0]("g")/g/node[0]("Own")';
    expect(await rulesOf(modelOf({ node }))).toEqual([`order ${at}`]);
  });

  it('of an outer graph are not made again inside, and not given on', async () => {
    const inner = branch('inner', [own(['x'], ['early'])], 'x');
    const node = [own(['x'], ['early']), own(['x'], ['z'], { attribute: [inner] })];
    const at = 'graph/node[1]("Own")/attribute[0]("g")/g';
    expect(await rulesOf(modelOf({ node }))).toEqual([
      `single-assignment ${at}/node[0]("Own")`,
      `output-made ${at}/output[0]("x")`,
    ]);
  });
});

describe('functions', () => {
  const opset_import = [{ version: 21 }, { domain: 'own', version: 1 }];
  const of = (name: string, ...calls: string[]) => ({
    name,
    domain: 'own',
    opset_import,
    node: calls.map((op_type, index) => own([], [`o${index}`], { op_type })),
  });

  it('do not call themselves, through others neither', async () => {
    const functions = [of('a', 'b'), of('b', 'c', 'd'), of('c', 'a'), of('d', 'd'), of('e', 'a', 'd')];
    expect(await rulesOf(modelOf({}, { functions }))).toEqual([
      'function-calls functions[3]("d")',
      'function-calls functions[2]("c")',
    ]);
  });

  it('call each other 100 deep and no deeper, wherever one begins', async () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, index) => of(`f${index}`, `f${index + 1}`)).sort(
        ({ name: a }, { name: b }) => (a < b ? 1 : -1),
      );
    expect(await rulesOf(modelOf({}, { functions: chain(100) }))).toEqual([]);
    expect(await rulesOf(modelOf({}, { functions: chain(300) }))).toEqual([
      expect.stringMatching(/^function-calls functions\[\d+\]\("f199"\)$/),
    ]);
  });

  it('that call each other crosswise take no longer than there are calls', async () => {
    const layer = 20;
    const functions = Array.from({ length: 90 * layer }, (_, index) => {
      const next = (Math.floor(index / layer) + 1) * layer;
      return of(`f${index}`, ...Array.from({ length: layer }, (_call, call) => `f${next + call}`));
    });
    expect(await rulesOf(modelOf({}, { functions }))).toEqual([]);
  });
});

describe('external data', () => {
  const at = (...entries: [string, string][]) => {
    const external_data = entries.map(([key, value]) => ({ key, value }));
    const initializer = [{ name: 'w', dims: [2], data_type: 1, data_location: 1, external_data }];
    return rulesOf(modelOf({ initializer }), { 'data.bin': 64, 'sub/data.bin': 64 });
  };
  const tensorPath = 'graph/initializer[0]("w")';
  const entryPath = `${tensorPath}/external_data[0]("location")`;

  it.each(['data.bin', 'sub/data.bin', './sub//data.bin', 'sub/../data.bin'])(
    'lie in %s',
    async (location) => {
      expect(await at(['location', location])).toEqual([]);
    },
  );

  it.each(['', '.', '..', '../data.bin', '/data.bin', 'sub/../../data.bin', 'a..b', 'a\0b'])(
    'do not lie in %j',
    async (location) => {
      expect(await at(['location', location])).toEqual([`external-location ${entryPath}`]);
    },
  );

  it('lie in a file that is there', async () => {
    expect(await at(['location', 'nowhere.bin'])).toEqual([`external-file ${entryPath}`]);
  });

  it.each([
    ['56', '8', true],
    ['57', '8', false],
    ['0', '4', false],
    ['-1', '8', false],
    ['0x1', '8', false],
    ['9'.repeat(40), '8', false],
    ['0', '', false],
  ])('lie at %s, %s long: %s', async (offset, length, right) => {
    const rules = await at(['location', 'data.bin'], ['offset', offset], ['length', length]);
    expect(rules).toEqual(right ? [] : [`runtime-external-range ${tensorPath}`]);
  });

  it('have no keys but those that the runtime takes', async () => {
    expect(await at(['location', 'data.bin'], ['sha256', 'abc'])).toEqual([
      `runtime-external-key ${tensorPath}/external_data[1]("sha256")`,
    ]);
  });
});
