import { fromBytes, toBytes } from '@torsh/bytes';
import { describe, expect, test } from 'vitest';
import {
  archive,
  type DType,
  dependencies,
  formatHeader,
  type Issue,
  inspectPackage,
  model,
  packageExporter,
  RequestError,
  type ResourceContent,
  type ResourceType,
} from '../../src/index.ts';
import { openTorsh, platform, utf8 } from '../support.ts';
import { bytesOf, loaded } from './support.ts';

const weights = {
  'fc.weight': { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 0) },
  'fc.bias': Float32Array.of(1, 2),
};

function sample(config: Parameters<typeof packageExporter>[0] = {}) {
  return packageExporter({ metadata: { name: 'sample', version: '1.2.3' }, ...config })
    .addModel('my_model', weights)
    .addResource('config.json', 'Json', { hidden: 4, layers: [1, 2] })
    .addResource('pre/processing.py', 'Python', 'x = 1\n')
    .setDependencies({ torsh: '>=0.1.0,<0.2.0', python: { numpy: '>=1.20.0' } });
}

describe('a package', () => {
  test('is made and loaded again', async () => {
    const created = new Date('2026-01-31T12:00:00Z');
    const bytes = await bytesOf(
      sample({
        metadata: {
          licence: 'MIT',
          version: '1.2.3',
          createdAt: created,
          name: 'sample',
          metadata: { a: 1 },
        },
      }),
    );
    const pack = await loaded(bytes);
    expect(pack).toMatchObject({
      name: 'sample',
      version: '1.2.3',
      createdAt: created,
      licence: 'MIT',
      author: undefined,
      dependencies: { torsh: '>=0.1.0,<0.2.0', python: { numpy: '>=1.20.0' } },
      metadata: { a: 1 },
      models: ['my_model'],
      resources: ['pre/processing.py', 'config.json'],
      size: bytes.length,
    });
    expect(Object.keys(pack.manifest).slice(0, 6)).toEqual([
      'name',
      'version',
      'created_at',
      'licence',
      'dependencies',
      'metadata',
    ]);
    const { tensors } = await pack.getModel('my_model');
    expect(tensors.get('fc.weight')).toMatchObject({ dtype: 'F32', shape: [2, 2] });
    const { data } = tensors.get('fc.weight')!;
    expect(new Float32Array((await data.read(0, data.size)).slice().buffer)).toEqual(
      weights['fc.weight'].data,
    );
    expect(await pack.getResource('config.json').json()).toEqual({ hidden: 4, layers: [1, 2] });
    expect(await pack.getResource('pre/processing.py').text()).toBe('x = 1\n');
    expect(pack.getResource('pre/processing.py')).toMatchObject({ role: 'code', mediaType: 'text/x-python' });
    await expect(pack.getResource('config.json').bytes()).resolves.toBeInstanceOf(Uint8Array);
    await expect(pack.getModel('other')).rejects.toMatchObject({ code: 'not-found' });
    expect(() => pack.getResource('absent')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('of the same things has the same bytes', async () => {
    expect(Buffer.compare(await bytesOf(sample()), await bytesOf(sample()))).toBe(0);
  });

  test('without code, or without weights, says what is left out', async () => {
    for (const [config, models, resources] of [
      [{ includeCode: false }, 1, ['config.json']],
      [{ includeWeights: false }, 0, ['pre/processing.py', 'config.json']],
    ] as const) {
      const issues: Issue[] = [];
      const sink = toBytes();
      await sample(config).exportTo(sink, { platform, report: (issue) => issues.push(issue) });
      expect(issues.map(({ code }) => code)).toEqual(['left-out']);
      const pack = await loaded(sink.bytes());
      expect(pack.models.length).toBe(models);
      expect(pack.resources).toEqual(resources);
    }
  });

  test('is inspected', async () => {
    const bytes = await bytesOf(sample());
    const { manifest, size } = await inspectPackage(fromBytes(bytes), { platform });
    expect(size).toBe(bytes.length);
    expect(manifest.models.map(({ name }) => name)).toEqual(['my_model']);
    expect(manifest.resources.map(({ path }) => path)).toEqual(['resources/config.json']);
  });

  test('never has other JSON than it was given', () => {
    const around: { [key: string]: unknown } = {};
    around.around = around;
    const values = [
      Number.NaN,
      [1, Number.POSITIVE_INFINITY],
      5n,
      new Date(0),
      new Map(),
      [undefined],
      around,
    ];
    for (const value of values) {
      const json = { a: value } as never;
      expect(() => packageExporter().addResource('a.json', 'Json', json)).toThrow(RequestError);
      expect(() => packageExporter({ metadata: { metadata: json } })).toThrow(RequestError);
    }
    const plain = { a: [1, -0.5, 'x', null, true, { b: {} }], c: undefined };
    packageExporter().addResource('a.json', 'Json', plain as never);
  });

  test('that is no package is told apart', async () => {
    for (const bytes of ['', 'PK nothing', '<html>', '\x80\x02}.'])
      await expect(loaded(utf8(bytes)), bytes).rejects.toMatchObject({ code: 'unsupported' });
    const whole = await bytesOf(sample());
    await expect(loaded(whole.subarray(0, whole.length - 5))).rejects.toMatchObject({ code: 'truncated' });
  });

  test('what is damaged is found when it is read', async () => {
    const bytes = (await bytesOf(sample())).slice();
    const at = Buffer.from(bytes).indexOf('x = 1\n');
    bytes[at] = 0x79;
    const pack = await loaded(bytes);
    await expect(pack.getResource('pre/processing.py').bytes()).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('models', () => {
  test('come from arrays of every type', async () => {
    const arrays: [DType, ArrayBufferView][] = [
      ['I8', Int8Array.of(1)],
      ['U8', Uint8Array.of(1)],
      ['I16', Int16Array.of(1)],
      ['U16', Uint16Array.of(1)],
      ['I32', Int32Array.of(1)],
      ['U32', Uint32Array.of(1)],
      ['F32', Float32Array.of(1)],
      ['F64', Float64Array.of(1)],
      ['I64', BigInt64Array.of(1n)],
      ['U64', BigUint64Array.of(1n)],
    ];
    const inputs = Object.fromEntries(arrays.map(([dtype, data]) => [dtype, data])) as {
      [name: string]: Uint8Array;
    };
    const pack = await loaded(await bytesOf(packageExporter().addModel('m', inputs)));
    const { tensors } = await pack.getModel('m');
    expect(tensors.size).toBe(arrays.length);
    for (const { name, dtype, shape } of tensors.values()) expect([dtype, shape]).toEqual([name, [1]]);
  });

  test('come from bytes, sources, windows on a larger array, maps, archives and other packages', async () => {
    const large = Float32Array.of(9, 1, 2, 9);
    const first = packageExporter().addModel(
      'm',
      new Map([
        ['half', { dtype: 'BF16' as const, shape: [2], data: Uint16Array.of(1, 2) }],
        ['source', { dtype: 'C128' as const, shape: [], data: fromBytes(new Uint8Array(16)) }],
        ['window', { data: large.subarray(1, 3) }],
      ]),
    );
    const bytes = await bytesOf(first);
    const pack = await loaded(bytes);
    const model = await pack.getModel('m');
    expect([...model.tensors.values()].map(({ name, dtype, data }) => [name, dtype, data.size])).toEqual(
      expect.arrayContaining([
        ['half', 'BF16', 4],
        ['source', 'C128', 16],
        ['window', 'F32', 8],
      ]),
    );
    const copy = packageExporter()
      .addModel('again', model)
      .addModel('whole', await openTorsh(bytes));
    expect((await loaded(await bytesOf(copy))).models).toEqual(['again', 'whole']);
  });

  test('come from safetensors files, which are checked', async () => {
    const { bytes } = formatHeader([{ name: 'w', dtype: 'F32', shape: [1] }], { note: 'kept' });
    const file = Buffer.concat([bytes, new Uint8Array(4)]);
    for (const content of [new Uint8Array(file), fromBytes(file)]) {
      const pack = await loaded(
        await bytesOf(packageExporter().addResource('net.safetensors', 'Model', content)),
      );
      expect(pack.models).toEqual(['net']);
      expect((await pack.getModel('net')).metadata).toEqual({ note: 'kept' });
    }
    const cut = packageExporter().addResource('net.safetensors', 'Model', file.subarray(0, -1));
    const sink = toBytes();
    await expect(cut.exportTo(sink, { platform })).rejects.toMatchObject({
      code: expect.stringMatching(/truncated|malformed/),
    });
    expect(sink.position).toBe(0);
    expect(() => packageExporter().addResource('net.pt', 'Model', file)).toThrow(RequestError);
  });

  test('of an archive with several, none is chosen in silence', async () => {
    const several = archive('test', { models: [model([], { name: 'model' }), model([], { name: 'extra' })] });
    expect(() => packageExporter().addModel('m', several)).toThrow(RequestError);
    expect(() => packageExporter().addModel('m', archive('test', {}))).toThrow(RequestError);
    packageExporter().addModel('m', several.models.get('extra')!);
  });

  test.each([
    ['no type', { w: { data: fromBytes(new Uint8Array(4)) } }],
    ['another size', { w: { shape: [3], data: Float32Array.of(1, 2) } }],
    ['another kind of number', { w: { dtype: 'F64' as const, data: Float32Array.of(1, 2) } }],
    ['half a length', { w: { shape: [0.5, 4], data: Float32Array.of(1, 2) } }],
    ['a name that safetensors keeps', { __metadata__: Float32Array.of(1) }],
    ['a type that is none', { w: { dtype: 'F31' as never, data: Float32Array.of(1) } }],
  ])('tensors of %s are refused at once', (_, tensors) => {
    expect(() => packageExporter().addModel('m', tensors)).toThrow(RequestError);
  });

  test.each(['', 'a/b', '../x', 'con', '.hidden', 'a.', 'ä', 'x'.repeat(129)])(
    'cannot be called %j',
    (name) => {
      expect(() => packageExporter().addModel(name, weights)).toThrow(RequestError);
    },
  );
});

describe('resources', () => {
  test.each<[ResourceType, string, ResourceContent, string, string]>([
    ['Json', 'a.json', '{"a": 1}', 'config', 'application/json'],
    ['Tokenizer', 'tokenizer.json', '{}', 'tokenizer', 'application/json'],
    ['Tokenizer', 'vocab.bpe', utf8('a'), 'tokenizer', 'application/octet-stream'],
    ['Python', 'a.py', 'pass', 'code', 'text/x-python'],
    ['Code', 'a.rs', 'fn main() {}', 'code', 'text/x-rust'],
    ['Data', 'a.csv', 'a,b', 'data', 'text/csv'],
    ['Binary', 'a.png', Uint8Array.of(0xff), 'other', 'image/png'],
    ['Text', 'a.log', 'é', 'other', 'text/plain'],
    ['Config', 'a.yaml', 'a: 1', 'config', 'application/yaml'],
    ['Documentation', 'README.md', '# a', 'document', 'text/markdown'],
    ['Licence', 'LICENSE', 'MIT', 'licence', 'text/plain'],
  ])('%s %s', async (type, path, content, role, mediaType) => {
    const whole = await packageExporter().addResource(path, type, content).archive({ platform });
    expect(whole.resources.get(path)).toMatchObject({ role, mediaType });
  });

  test.each<[ResourceType, string, ResourceContent]>([
    ['Json', 'a.json', '{"a": 1'],
    ['Json', 'a.txt', '{"a": 1, "a": 2}'],
    ['Config', 'config.json', '[1,]'],
    ['Tokenizer', 'tokenizer.json', 'no'],
    ['Python', 'a.py', Uint8Array.of(0x78, 0xff)],
    ['Text', 'a.txt', Uint8Array.of(0xc3)],
  ])('bad content of %s %s is refused, at the latest before the first byte', async (type, path, content) => {
    expect(() => packageExporter().addResource(path, type, content)).toThrow(
      expect.objectContaining({ code: 'malformed', path }),
    );
    const bytes = typeof content === 'string' ? utf8(content) : (content as Uint8Array);
    const later = packageExporter().addResource(path, type, fromBytes(bytes));
    const sink = toBytes();
    await expect(later.exportTo(sink, { platform })).rejects.toMatchObject({ code: 'malformed', path });
    expect(sink.position).toBe(0);
  });

  test('a character may lie on the border of two blocks', async () => {
    const text = utf8(`${'x'.repeat(256 * 1024 - 1)}é`);
    await packageExporter().addResource('a.txt', 'Text', fromBytes(text)).archive({ platform });
  });

  test.each(['', '/a', '../a', 'a/../b', 'a\\b', 'a//b', 'a\0', 'nul.txt', 'a ', 'e\u0301', 'a:b'])(
    'cannot be called %j',
    (path) => {
      expect(() => packageExporter().addResource(path, 'Binary', new Uint8Array(1))).toThrow(RequestError);
    },
  );

  test('names that are one name somewhere, or a file and a folder, are refused before the first byte', async () => {
    for (const [a, b] of [
      ['A.txt', 'a.TXT'],
      ['a', 'a/b'],
    ] as const) {
      const sink = toBytes();
      const both = packageExporter()
        .addResource(a, 'Binary', new Uint8Array(1))
        .addResource(b, 'Binary', new Uint8Array(1));
      await expect(both.exportTo(sink, { platform })).rejects.toMatchObject({ code: 'unsupported' });
      expect(sink.position).toBe(0);
    }
  });

  test('nothing comes twice, and there is no other type', () => {
    expect(() => sample().addModel('my_model', weights)).toThrow(RequestError);
    expect(() => sample().addResource('config.json', 'Json', '{}')).toThrow(RequestError);
    expect(() => sample().addResource('x', 'License' as never, '')).toThrow(RequestError);
    expect(() => sample().addResource('x', 'Text', { a: 1 })).toThrow(RequestError);
    for (const nothing of [undefined, null, 5])
      expect(() => sample().addResource('x.json', 'Json', nothing as never)).toThrow(RequestError);
    for (const none of [undefined, null, 'net.pt', Float32Array.of(1)])
      expect(() => sample().addModel('x', none as never)).toThrow(RequestError);
  });
});

describe('what a package says of itself', () => {
  test.each([
    { version: '1.2' },
    { version: 'v1.2.3' },
    { name: '' },
    { name: 7 as never },
    { createdAt: new Date(Number.NaN) },
    { metadata: [] as never },
    { homepage: 'x' } as never,
  ])('%j is refused', (metadata) => {
    expect(() => packageExporter({ metadata })).toThrow(RequestError);
  });

  test.each([
    'numpy' as never,
    { torsh: '>>1' },
    { python: { numpy: '=>1' } },
    { system: { cuda: 11 as never } },
  ])('it cannot need %j', (needs) => {
    expect(() => packageExporter().setDependencies(needs)).toThrow(RequestError);
  });

  test('it can need what was read elsewhere', async () => {
    const needs = dependencies({ python: { torch: '>=2' } });
    const { metadata } = await packageExporter().setDependencies(needs).archive({ platform });
    expect(metadata.torsh).toEqual({ dependencies: { python: { torch: '>=2' } } });
  });
});

describe('compression', () => {
  const text = 'import torch\n'.repeat(500);
  const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * index * 7919) >> 7);

  test('is for what becomes smaller', async () => {
    const both = (compression: 'none' | 'deflate') =>
      packageExporter({ compression })
        .addResource('a.py', 'Python', text)
        .addResource('b.bin', 'Binary', noise)
        .addResource('empty', 'Binary', new Uint8Array(0))
        .addModel('m', { zeros: new Float32Array(1000) });
    const [plain, small] = [await bytesOf(both('none')), await bytesOf(both('deflate'))];
    expect(small.length).toBeLessThan(plain.length - 5000);
    const pack = await loaded(small);
    const { code, resources } = pack.manifest;
    expect(code.map(({ compression }) => compression)).toEqual(['deflate']);
    expect(resources.map(({ compression }) => compression)).toEqual(['none', 'none']);
    expect(await pack.getResource('a.py').text()).toBe(text);
  });

  test('never makes what a reader would take for a bomb', async () => {
    const zeros = packageExporter({ compression: 'deflate' }).addResource(
      'zeros',
      'Binary',
      new Uint8Array(2 ** 20),
    );
    const pack = await loaded(await bytesOf(zeros));
    expect(pack.manifest.resources[0]!.compression).toBe('none');
    expect((await pack.getResource('zeros').bytes()).length).toBe(2 ** 20);
  });

  test('other kinds are refused with a reason', () => {
    for (const compression of ['zstd', 'gzip', 'bzip2'])
      expect(() => packageExporter({ compression: compression as never })).toThrow(RequestError);
  });
});
