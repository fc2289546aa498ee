import { fromBytes, toFiles, webPlatform, withLimits } from '@torsh/bytes';
import {
  type Archive,
  archive,
  compare,
  convert,
  type Issue,
  type JsonObject,
  type Model,
  model,
  open,
  plan,
  type Resource,
  type Tensor,
  torsh,
} from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { openPackage, type PackageImporter, torchLegacy, torchPackage, torchSave } from '../../src/index.ts';
import { zipped } from '../support.ts';
import { bytesOf, expected, inputOf, unzipped } from './support.ts';

const pack = torchPackage();
const formats = [pack, torsh(), torchSave()];
const options = { formats, platform: webPlatform };
const names = Object.keys(expected);

type Input = ReturnType<typeof inputOf>;

async function converted(input: Parameters<typeof convert>[0], to: string): Promise<Uint8Array> {
  const sink = toFiles();
  const target = formats.find(({ id }) => id === to)!;
  const report = await convert(input, { name: 'made', open: async () => sink }, { ...options, to: target });
  expect(report).toMatchObject({ written: true, lossless: true });
  return sink.files().get('made')!;
}

/** From a package to an archive and back. */
async function trip(input: Input): Promise<Uint8Array> {
  return converted(inputOf('made', await converted(input, 'torsh')), 'torch-package');
}

/** Writes an archive as a package, and opens that as a package and as an archive. */
async function packed(whole: Archive) {
  const { issues, possible } = plan(whole, pack);
  expect(possible).toBe(true);
  const sink = toFiles();
  const { createContext } = await import('@torsh/core');
  await pack.writer!.write(whole, sink, 'made.pt', createContext(options));
  const bytes = sink.files().get('made.pt')!;
  const back = await open(inputOf('made.pt', bytes), options);
  const kept = await pack.writer!.keeps!(whole, withLimits({}), 'made.pt');
  expect(await compare(back, kept, options)).toEqual([]);
  return { issues, back, importer: await openPackage(inputOf('made.pt', bytes), options) };
}

async function recordsOf(importer: PackageImporter): Promise<Readonly<Record<string, string>>> {
  const list: [string, string][] = [];
  for (const path of importer.records) {
    const source = importer.record(path)!;
    list.push([path, Buffer.from(await source.read(0, source.size)).toString('base64')]);
  }
  return Object.fromEntries(list);
}

const importerOf = (input: Input) => openPackage(input, options);

describe('a package, an archive, and back', () => {
  it.each(names.filter((name) => expected[name]!.exported))(
    '%s is the same file, byte for byte',
    async (name) => {
      const back = await trip(inputOf(name));
      expect(Buffer.from(back).equals(Buffer.from(bytesOf(name)))).toBe(true);
    },
  );

  it.each(names.filter((name) => !expected[name]!.exported))(
    '%s has every record as it was',
    async (name) => {
      const [back, was] = [
        await importerOf(inputOf('x', await trip(inputOf(name)))),
        await importerOf(inputOf(name)),
      ];
      expect([back.folder, back.records]).toEqual([was.folder, was.records]);
      expect(await recordsOf(back)).toEqual(await recordsOf(was));
    },
  );

  it('takes a folder, whose files have an order of their own', async () => {
    const folder = await unzipped('net.pt');
    const back = await importerOf(inputOf('x', await converted(folder, 'torch-package')));
    expect(await recordsOf(back)).toEqual(await recordsOf(await openPackage(folder, options)));
  });
});

describe('reading', () => {
  it('makes a model of each pickle that has tensors, and keeps no storage twice', async () => {
    const whole = await open(inputOf('shared-storage.pt'), options);
    expect([...whole.models.keys()]).toEqual(['a.a', 'b.b']);
    const { storages } = whole.metadata.torch as unknown as {
      storages: Record<string, { tensors: object[] }>;
    };
    expect(Object.keys(storages)).toEqual(['.data/0.storage']);
    expect(storages['.data/0.storage']!.tensors).toHaveLength(4);
    expect([...whole.resources.keys()]).toEqual(['a/a.pkl', 'b/b.pkl']);
    expect([...whole.models.get('a.a')!.aliases]).toEqual([['again', 'whole']]);
  });

  it('keeps bytes that no tensor shows, and only those', async () => {
    const whole = await open(inputOf('odd-storages.pt'), options);
    const sizes = Object.fromEntries(
      Array.from(whole.resources.values(), ({ path, data }) => [path, data.size]),
    );
    expect(sizes).toMatchObject({ '.data/77.storage': 16, '.data/0.storage.rest': 80 });
    const parts = await open(inputOf('parts.pt'), options);
    // Columns of a table are no stretches, so their storage is kept whole.
    expect(parts.resources.get('.data/1.storage')!.data.size).toBe(160);
    expect(parts.resources.get('.data/0.storage.rest')!.data.size).toBe(256 - 16 - 16 - 16);
  });

  it('needs no such bytes where a tensor only lies in another order', async () => {
    const whole = await open(inputOf('views.pt'), options);
    const rests = [...whole.resources.keys()].filter((path) => path.startsWith('.data'));
    // Every third of ten elements; one element many times; stretches that overlap. The transposed ones need nothing.
    expect(rests).toEqual(['.data/1.storage', '.data/2.storage', '.data/4.storage']);
  });

  it('opens TorchScript modules beside the pickles', async () => {
    const whole = await open(inputOf('script-shared.pt'), options);
    expect([...whole.models.keys()]).toEqual(['model.holder', 'model.tensor', 'ts_code.0']);
    expect([...whole.models.get('ts_code.0')!.tensors.keys()]).toEqual(['value', 'step']);
  });

  it.each([
    ['has two names for one file', 'm/b.txt', 'm/A.txt', 'unsafe'],
    ['has a name with a line break', 'm/b.txt', 'm/\n.txt', 'unsafe'],
  ])('says of a package that %s that it does', async (_, name, other, code) => {
    const records = ['m/a.txt', 'm/b.txt', '.data/extern_modules', '.data/version'];
    const whole = await zipped(Object.fromEntries(records.map((each) => [`p/${each}`, '6\n'])));
    const text = new TextDecoder('latin1').decode(whole).replaceAll(`p/${name}`, `p/${other}`);
    const damaged = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    await expect(open(inputOf('p.pt', damaged), options)).rejects.toMatchObject({ code });
  });

  it('says of a package whose export ended with an error that it is not whole', async () => {
    const bytes = await zipped({
      'p/.data/0.storage': new Uint8Array(4),
      'p/m/m.pkl': '',
      'p/.data/version': '6\n',
    });
    await expect(open(inputOf('p.pt', bytes), options)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('.data/extern_modules'),
    });
  });

  it('says of a package that was cut off that it was', async () => {
    const cut = inputOf('net.pt', bytesOf('net.pt').subarray(0, 4000));
    await expect(open(cut, options)).rejects.toMatchObject({ code: 'truncated' });
  });

  it('gives resources names that every system has', async () => {
    const whole = await open(inputOf('odd-names.pt'), options);
    const { paths } = whole.metadata.torch as { paths: JsonObject };
    expect(paths).toEqual({
      'weights/%41ux.txt%2E': 'weights/Aux.txt.',
      'weights/%77hat%3F.txt': 'weights/what?.txt',
    });
    expect(plan(whole, formats[1]!).issues).toEqual([]);
    expect([...whole.models.keys()]).toEqual(['model']);
  });

  it('says which pickles are none, and keeps them', async () => {
    const issues: Issue[] = [];
    const whole = await open(inputOf('odd-names.pt'), { ...options, report: (issue) => issues.push(issue) });
    expect(issues).toContainEqual(
      expect.objectContaining({ code: 'broken-pickle', subject: 'weights/noise.pkl' }),
    );
    expect(whole.resources.has('weights/noise.pkl')).toBe(true);
  });

  it('calls models after their pickles where there are several', async () => {
    const whole = await open(inputOf('three-models.pt'), options);
    expect([...whole.models.keys()]).toEqual(['encoder.weights', 'decoder.weights', 'Encoder.v2.weights']);
    expect(whole.metadata.torch).not.toHaveProperty('shape');
  });

  it('knows the role of tensors where there is one', async () => {
    const whole = await open(inputOf('linear.pt'), options);
    expect(whole.metadata.torch).toMatchObject({ shape: { kind: 'module', roles: { weights: [''] } } });
  });
});

const floats = (name: string, ...values: number[]): Tensor => ({
  name,
  dtype: 'F32',
  shape: [values.length],
  data: fromBytes(new Uint8Array(Float32Array.from(values).buffer)),
});
const text = (path: string, content: string, role: Resource['role'] = 'other'): Resource => ({
  path,
  role,
  mediaType: 'text/plain',
  data: fromBytes(new TextEncoder().encode(content)),
});

describe('writing what was no package', () => {
  it('puts each model into a folder, sources where Python finds them, other files into one folder', async () => {
    const { importer, issues, back } = await packed(
      archive('test', {
        models: [
          model([floats('w', 1, 2)], { name: 'encoder', aliases: new Map([['tied', 'w']]) }),
          model([floats('w', 3)], { name: 'v.1..x' }),
        ],
        resources: [
          text(
            'net.py',
            'import torch\nimport numpy.linalg\nfrom zoo import cages\nfrom . import gone\n',
            'code',
          ),
          text('zoo/__init__.py', '', 'code'),
          text('zoo/cages.py', 'from ..nothing import x\n', 'code'),
          text('tokenizer/vocab.json', '{}', 'tokenizer'),
          text('a.b.py', 'not importable', 'code'),
        ],
      }),
    );
    expect(importer.records).toEqual([
      '.data/0.storage',
      'encoder/state_dict.pkl',
      '.data/1.storage',
      'v/1/x/state_dict.pkl',
      'net.py',
      'zoo/__init__.py',
      'zoo/cages.py',
      'resources/tokenizer/vocab.json',
      'resources/a.b.py',
      '.data/extern_modules',
      '.data/version',
      'byteorder',
      '.data/serialization_id',
    ]);
    expect(importer.externModules).toEqual(['collections', 'torch._utils', 'torch', 'numpy.linalg']);
    const { model: found } = await importer.loadPickle('encoder', 'state_dict.pkl');
    expect([[...found.tensors.keys()], [...found.aliases]]).toEqual([['w'], [['tied', 'w']]]);
    expect(await importer.loadText('resources.tokenizer', 'vocab.json')).toBe('{}');
    expect([...back.models.keys()]).toEqual(['encoder.state_dict', 'v.1.x.state_dict']);
    expect(issues.map(({ code, subject }) => [code, subject])).toEqual([
      ['pickle', 'encoder/state_dict.pkl'],
      ['pickle', 'v/1/x/state_dict.pkl'],
    ]);
  });

  it('gives no folder the name of a module, which torch would refuse', async () => {
    const { importer } = await packed(
      archive('test', {
        models: [model([floats('w', 1)])],
        resources: [
          text('model.py', '', 'code'),
          text('resources.py', '', 'code'),
          text('x.py', '', 'code'),
          text('x/y.py', '', 'code'),
          text('z.txt', ''),
        ],
      }),
    );
    expect(importer.records).toEqual(
      expect.arrayContaining(['model_2/state_dict.pkl', 'resources_2/z.txt', 'resources_2/x/y.py', 'x.py']),
    );
  });

  it('gives back the object of a checkpoint', async () => {
    const { readFileSync } = await import('node:fs');
    const folder = new URL('../../../../fixtures/', import.meta.url);
    const all = { ...options, formats: [...formats, torchLegacy()] };
    const checkpoint = async (name: string) => {
      const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
      return packed(await open(inputOf(name, bytes), all));
    };
    const tiny = await checkpoint('torch-save/tiny.pt');
    expect(tiny.importer.hasRecord('model/state_dict.pkl')).toBe(true);
    expect(tiny.issues.map(({ code }) => code)).toEqual(['pickle']);
    const other = await checkpoint('torch-save/lightning.pt');
    expect(other.importer.hasRecord('model/object.pkl')).toBe(true);
    // The source of a class is no module, though it is called like one: it would hide the module that has the class.
    const old = await checkpoint('torch-legacy/whole-module-own-0.pt');
    expect(old.importer.externModules).toContain('torch_save_classes');
    expect(old.importer.hasRecord('resources/torch_save_classes/Block.py')).toBe(true);
    expect(old.importer.modules.has('torch_save_classes')).toBe(false);
  });

  it('refuses names that lead out of a package', () => {
    const whole = archive('test', { models: [model([])], resources: [text('../a.txt', '')] });
    expect(plan(whole, pack).issues).toContainEqual(
      expect.objectContaining({ severity: 'blocker', code: 'path' }),
    );
  });

  it('refuses two names that are one for torch', () => {
    const whole = archive('test', {
      models: [model([])],
      resources: [text('A.txt', ''), text('a.txt', '')],
    });
    expect(plan(whole, pack).issues).toContainEqual(
      expect.objectContaining({ severity: 'blocker', code: 'path' }),
    );
  });
});

describe('writing what was a package and is another now', () => {
  const net = () => open(inputOf('net.pt'), options);
  const withModels = (whole: Archive, models: readonly Model[]): Archive => ({
    ...whole,
    models: new Map(models.map((each) => [each.name, each])),
  });

  it('puts files that were added behind those of the user', async () => {
    const whole = await net();
    const resources = new Map(whole.resources).set('notes/more.txt', text('notes/more.txt', 'more'));
    const { importer, issues } = await packed({ ...whole, resources });
    expect(issues).toEqual([]);
    expect(await importer.loadText('notes', 'more.txt')).toBe('more');
    expect(importer.records.indexOf('notes/more.txt')).toBeLessThan(
      importer.records.indexOf('.data/extern_modules'),
    );
    expect((await importer.loadPickle('model', 'model.pkl')).model.tensors.size).toBe(5);
  });

  it('writes other values of the same type and shape into the old pickles', async () => {
    const whole = await net();
    const [main, ...others] = [...whole.models.values()] as [Model, ...Model[]];
    const tensors = Array.from(main.tensors.values(), (each) =>
      each.name === 'scale' ? floats('scale', 5, 7) : each,
    );
    const { importer, issues } = await packed(withModels(whole, [model(tensors, main), ...others]));
    expect(issues).toEqual([]);
    const { model: found } = await importer.loadPickle('model', 'model.pkl');
    const { data } = found.tensors.get('scale')!;
    expect(new Float32Array((await data.read(0, 8)).slice().buffer)).toEqual(Float32Array.of(5, 7));
  });

  it.each<[string, (whole: Archive) => Archive]>([
    ['a model is gone', (whole) => withModels(whole, [whole.models.get('model')!])],
    [
      'a tensor has another shape',
      (whole) => {
        const [main, ...others] = [...whole.models.values()] as [Model, ...Model[]];
        const tensors = [...main.tensors.values()].filter(({ name }) => name !== 'scale');
        return withModels(whole, [model([...tensors, floats('scale', 1, 2, 3)], main), ...others]);
      },
    ],
    [
      'a tensor is new',
      (whole) => {
        const [main, ...others] = [...whole.models.values()] as [Model, ...Model[]];
        return withModels(whole, [model([...main.tensors.values(), floats('new', 1)], main), ...others]);
      },
    ],
    [
      'a source is gone',
      (whole) => ({
        ...whole,
        resources: new Map([...whole.resources].filter(([path]) => path !== 'zoo/nets.py')),
      }),
    ],
    ...(['folder', 'records', 'texts', 'paths', 'storages', 'embedded', 'pickles'] as const).map(
      (key): [string, (whole: Archive) => Archive] => [
        `what it says of ${key} is not understood`,
        (whole) => ({
          ...whole,
          metadata: {
            torch: { ...(whole.metadata.torch as JsonObject), [key]: key === 'folder' ? '..' : [7] },
          },
        }),
      ],
    ),
    ...(
      [
        ['leaves the package', ['../x']],
        ['is twice the same for torch', ['byteorder', 'ByteOrder']],
      ] as const
    ).map(([what, records]): [string, (whole: Archive) => Archive] => [
      `a record ${what}`,
      (whole) => {
        const texts = Object.fromEntries(records.map((record) => [record, '']));
        return { ...whole, metadata: { torch: { ...(whole.metadata.torch as JsonObject), records, texts } } };
      },
    ]),
  ])('makes a new package where %s, and says what is lost', async (_, change) => {
    const { importer, issues } = await packed(change(await net()));
    expect(issues).toContainEqual(
      expect.objectContaining({ severity: 'loss', code: 'structure', subject: 'torch' }),
    );
    expect(importer.hasRecord('model/model.pkl')).toBe(false);
    expect(importer.hasRecord('model/state_dict.pkl')).toBe(true);
  });
});

describe('what a package needs from outside', () => {
  it('is what the archive says it needs', async () => {
    for (const name of names) {
      const { metadata } = await open(inputOf(name), options);
      const modules = expected[name]!.externs.filter((each) => each !== '');
      expect(metadata.torsh).toEqual(modules.length === 0 ? undefined : { dependencies: { modules } });
    }
  });

  it('is in a package of an archive that states it', async () => {
    const said = { dependencies: { modules: ['cv2', 'sklearn.svm'] } };
    const { issues, importer, back } = await packed(archive('torsh', { metadata: { torsh: said } }));
    expect(importer.externModules).toEqual(['cv2', 'sklearn.svm']);
    expect(back.metadata.torsh).toEqual(said);
    expect(issues).toEqual([]);
  });

  it('is all that a package can say: a name, a version and other needs are a loss', async () => {
    const torshSays = { name: 'net', dependencies: { modules: ['cv2'], python: { numpy: '>=1.20' } } };
    const { issues } = await packed(archive('torsh', { metadata: { torsh: torshSays } }));
    expect(issues).toMatchObject([{ severity: 'loss', code: 'metadata', subject: 'torsh' }]);
    expect(issues[0]!.message).toContain('name, dependencies.python');
  });

  it('cannot be changed in a package that is given back', async () => {
    const whole = await open(inputOf('net.pt'), options);
    const changed = {
      ...whole,
      metadata: { ...whole.metadata, torsh: { dependencies: { modules: ['cv2'] } } },
    };
    expect(plan(changed, pack).issues).toMatchObject([{ severity: 'loss', subject: 'torsh' }]);
    expect(plan(whole, pack).issues).toEqual([]);
  });
});
