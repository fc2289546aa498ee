import type { JsonObject } from '@torsh/core';
import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, global, list, tuple } from '../support.ts';
import { inFolder, namesIn, openScript, refusal } from './support.ts';

/** Four floats, described as torch 1.0 does. */
const TENSOR = {
  dims: ['2', '2'],
  offset: '0',
  strides: ['2', '1'],
  requiresGrad: true,
  dataType: 'FLOAT',
  data: { key: 'tensors/0' },
  device: 'cpu',
};
const PARAMETER = { name: 'weight', tensorId: '0', isBuffer: false };
const MODEL = { protoVersion: '3', mainModule: { name: 'Net', parameters: [PARAMETER] }, tensors: [TENSOR] };

const RECORDS = { 'tensors/0': new Uint8Array(16), version: '1\n' };

const file = (model: unknown, records = {}): Promise<Uint8Array> =>
  inFolder({
    ...RECORDS,
    'model.json': typeof model === 'string' ? model : JSON.stringify(model),
    ...records,
  });

const withTensor = (change: object): object => ({ ...MODEL, tensors: [{ ...TENSOR, ...change }] });
const withMain = (change: object): object => ({ ...MODEL, mainModule: { ...MODEL.mainModule, ...change } });

const number = (id: PickleValue): PickleValue =>
  call(global('torch.jit._pickle', 'build_tensor_from_id'), [id]);

describe('a module of torch 1.0 to 1.2', () => {
  it('is its parameters, its buffers, and those of its modules', async () => {
    const sub = { name: 'sub', parameters: [{ name: 'b', tensorId: 0, isBuffer: true }, PARAMETER] };
    const opened = await openScript(await file(withMain({ submodules: [sub] })));
    expect(namesIn(opened, 'model')).toEqual(['weight']);
    expect([...opened.model.aliases]).toEqual([
      ['sub.weight', 'weight'],
      ['sub.b', 'weight'],
    ]);
    expect(opened.torch).toMatchObject({ kind: 'torchscript', proto_version: 3, version: '1' });
    expect((opened.torch.structure as JsonObject).weight).toMatchObject({
      $tensor: 'weight',
      requires_grad: true,
    });
    expect([...opened.archive.resources.keys()]).toEqual(['model.json']);
  });

  it.each([
    ['numbers for numbers', withTensor({ dims: [2, 2], strides: [2, 1], offset: 0, dataType: 1 })],
    [
      'names of fields as the schema spells them',
      { ...MODEL, mainModule: undefined, main_module: MODEL.mainModule },
    ],
    ['null for what is not there', withMain({ submodules: null, attributes: null, name: null })],
    ['fields that nobody knows', { ...MODEL, newField: [{ deep: [1, 2.5, 'x'] }] }],
    ['no device', withTensor({ device: undefined })],
  ])('may have %s', async (_, model) => {
    expect(namesIn(await openScript(await file(model)), 'model')).toEqual(['weight']);
  });

  it('has tensors in its attributes by number, and constants that only the code speaks of', async () => {
    const old = call(global('__main__', 'TensorID'), [], { how: 'newobj', states: [1] });
    const attributes = [
      { name: 'weight', type: 'Tensor', id: '0' },
      { name: 'row', type: 'Tensor', id: '1' },
      { name: 'unset', type: 'Optional[Tensor]', id: '-1' },
    ];
    const table = [0, 1, 2].map((offset) => ({
      ...TENSOR,
      dims: ['1'],
      strides: ['1'],
      offset: String(offset),
    }));
    const model = { ...withMain({ attributes, getStateAttributeId: '2' }), tensors: table };
    const values = tuple(null, old, tuple(3, number(0)));
    const opened = await openScript(await file(model, { 'attributes.pkl': assemble(values) }));
    expect(namesIn(opened, 'model')).toEqual(['weight']);
    expect(namesIn(opened, 'extra')).toEqual(['row']);
    expect(namesIn(opened, 'constants')).toEqual(['c2']);
    expect(opened.issues.filter(({ code }) => code === 'opaque')).toEqual([]);
  });

  it('says what its attributes name', async () => {
    const values = list(call(global('os', 'system'), ['true']));
    const { issues } = await openScript(await file(MODEL, { 'attributes.pkl': assemble(values) }));
    expect(issues).toMatchObject([{ code: 'opaque', subject: 'os.system' }]);
  });
});

describe('descriptions that lie', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'malformed model.json'],
    ['nothing', '', 'malformed model.json'],
    ['something behind it', `${JSON.stringify(MODEL)}x`, 'malformed model.json'],
    ['a list', '[]', 'malformed model.json'],
    ['no main module', { ...MODEL, mainModule: undefined }, 'malformed model.json'],
    ['a field that comes twice', '{"mainModule": {}, "mainModule": {}}', 'malformed model.json'],
    ['a field in both spellings', '{"mainModule": {}, "main_module": {}}', 'malformed model.json'],
    [
      'a tensor that is not in the table',
      withMain({ parameters: [{ ...PARAMETER, tensorId: '1' }] }),
      'malformed model.json',
    ],
    [
      'a tensor before the table',
      withMain({ parameters: [{ ...PARAMETER, tensorId: '-1' }] }),
      'malformed model.json',
    ],
    [
      'an attribute without values',
      withMain({ attributes: [{ name: 'a', type: 'int', id: '0' }] }),
      'malformed model.json',
    ],
    ['a word for a number', withTensor({ offset: 'one' }), 'malformed model.json'],
    ['half a number', withTensor({ dims: ['1.5', '2'] }), 'malformed model.json'],
    ['a number for a truth', withTensor({ requiresGrad: 1 }), 'malformed model.json'],
    ['a number that is too large', withTensor({ offset: '9223372036854775807' }), 'limit model.json'],
    ['a type that is none', withTensor({ dataType: 'STRING' }), 'malformed model.json'],
    ['a number of a type that is none', withTensor({ dataType: 99 }), 'malformed model.json'],
    ['a quantised float', withTensor({ isQuantized: true }), 'malformed model.json'],
    ['no record', withTensor({ data: {} }), 'malformed model.json'],
    ['a record that is missing', withTensor({ data: { key: 'tensors/9' } }), 'malformed tensors/9'],
    ['a record outside', withTensor({ data: { key: '../x' } }), 'malformed ../x'],
    [
      'a record of half a number',
      withTensor({ dataType: 'INT64', dims: ['1'], strides: ['1'], data: { key: 'version' } }),
      'malformed version',
    ],
    ['a tensor beyond its record', withTensor({ dims: ['2', '3'] }), 'malformed tensors/0'],
    ['a negative size', withTensor({ dims: ['-2', '2'] }), 'malformed tensors/0'],
    ['a negative stride', withTensor({ strides: ['-2', '1'] }), 'malformed tensors/0'],
    ['a stride too few', withTensor({ strides: ['1'] }), 'malformed tensors/0'],
    ['too many dimensions', withTensor({ dims: new Array(2000).fill('1') }), 'limit model.json'],
    [
      'a name that is too long',
      withMain({ parameters: [{ ...PARAMETER, name: 'x'.repeat(5000) }] }),
      'limit model.json',
    ],
  ])('%s', async (_, model, expected) => {
    const { code, path } = await refusal(await file(model));
    expect(`${code} ${path}`).toBe(expected);
  });

  it('point at the place', async () => {
    const text = JSON.stringify(withTensor({ offset: 'one' }));
    expect((await refusal(await file(text))).offset).toBe(text.indexOf('"one"'));
  });

  it('nest too deep', async () => {
    let main: object = { name: 'm' };
    for (let level = 0; level < 600; level++) main = { name: 'm', submodules: [main] };
    expect((await refusal(await file({ ...MODEL, mainModule: main }))).code).toBe('limit');
  });

  it('repeat a storage until it is a bomb', async () => {
    const table = Array.from({ length: 3000 }, () => ({
      ...TENSOR,
      dims: ['1000', '1000'],
      strides: ['0', '0'],
    }));
    const parameters = table.map((_, index) => ({
      name: `w${index}`,
      tensorId: String(index),
      isBuffer: false,
    }));
    const tensors = table.map((each, index) => ({ ...each, dims: [String(1000 + index), '1000'] }));
    expect((await refusal(await file({ ...MODEL, mainModule: { parameters }, tensors }))).code).toBe('limit');
  });

  it('have more values in a list than there may be', async () => {
    const parameters = Array.from({ length: 20 }, (_, index) => ({ ...PARAMETER, name: `w${index}` }));
    expect((await refusal(await file(withMain({ parameters })), { entries: 10 })).code).toBe('limit');
  });

  it('have values that are no tuple', async () => {
    const { code, path } = await refusal(await file(MODEL, { 'attributes.pkl': assemble(3) }));
    expect([code, path]).toEqual(['malformed', 'attributes.pkl']);
  });
});
