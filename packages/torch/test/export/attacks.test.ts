import { assemble } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, file, global, type Records, tensor, zipped } from '../support.ts';
import { archiveOf, config, GOOD, openExport, outcome, payload } from './support.ts';

const WEIGHTS = 'data/weights/model_weights_config.json';
const big = 2 ** 40;
const ints = (...values: number[]) => values.map((value) => ({ as_int: value }));

/** The good archive with one weight that is said to be otherwise. */
const saying = (changed: object, changedMeta?: object): Records => ({
  ...GOOD,
  [WEIGHTS]: config({ w: payload(changed, changedMeta) }),
});

describe('a config that lies', () => {
  it.each<[what: string, records: Records, expected: string]>([
    ['nothing is wrong', GOOD, 'taken'],
    ['a tensor is longer than its record', saying({}, { sizes: ints(5) }), 'malformed data/weights/weight_0'],
    ['a tensor has 2^40 elements', saying({}, { sizes: ints(big) }), 'malformed data/weights/weight_0'],
    [
      'a tensor begins behind its record',
      saying({}, { storage_offset: { as_int: 1 } }),
      'malformed data/weights/weight_0',
    ],
    ['a stride leads out', saying({}, { strides: ints(2) }), 'malformed data/weights/weight_0'],
    ['a stride is negative', saying({}, { strides: ints(-1) }), `malformed ${WEIGHTS}`],
    ['a size is negative', saying({}, { sizes: ints(-4) }), `malformed ${WEIGHTS}`],
    ['a size is a fraction', saying({}, { sizes: ints(0.5) }), `malformed ${WEIGHTS}`],
    [
      'a size is above 2^53',
      { ...GOOD, [WEIGHTS]: (GOOD[WEIGHTS] as string).replace(':4', ':99999999999999999') },
      `limit ${WEIGHTS}`,
    ],
    ['a size is a symbol', saying({}, { sizes: [{ as_expr: 's0' }] }), `malformed ${WEIGHTS}`],
    ['there are fewer strides than sizes', saying({}, { strides: [] }), 'malformed data/weights/weight_0'],
    [
      'there are too many dimensions',
      saying({}, { sizes: ints(...new Array(2000).fill(1)) }),
      `limit ${WEIGHTS}`,
    ],
    [
      'one element is said to be 10^12',
      saying({}, { sizes: ints(1e12), strides: ints(0) }),
      'limit data/weights/weight_0',
    ],
    ['the type is unknown', saying({}, { dtype: 99 }), `unsupported ${WEIGHTS}`],
    ['the type is the number that means unknown', saying({}, { dtype: 0 }), `unsupported ${WEIGHTS}`],
    ['the layout is sparse', saying({}, { layout: 1 }), `unsupported ${WEIGHTS}`],
    ['the record is missing', saying({ path_name: 'weight_1' }), 'malformed data/weights/weight_1'],
    ['the record is above', saying({ path_name: '../../archive_format' }), `unsafe ${WEIGHTS}`],
    ['the record is in a folder', saying({ path_name: 'a/b' }), `unsafe ${WEIGHTS}`],
    ['the record is anywhere', saying({ path_name: '/etc/passwd' }), `unsafe ${WEIGHTS}`],
    ['the record has no name', saying({ path_name: '' }), `unsafe ${WEIGHTS}`],
    ['the record is not said', saying({ path_name: undefined }), `malformed ${WEIGHTS}`],
    ['nothing is said of the tensor', saying({ tensor_meta: null }), `malformed ${WEIGHTS}`],
    ['a flag is a number', saying({ is_param: 1 }), `malformed ${WEIGHTS}`],
    ['raw bytes are said to be pickled', saying({ use_pickle: true }), 'truncated data/weights/weight_0'],
    ['it is a list', { ...GOOD, [WEIGHTS]: '[]' }, `malformed ${WEIGHTS}`],
    ['it is cut off', { ...GOOD, [WEIGHTS]: '{"config": {"w"' }, `malformed ${WEIGHTS}`],
    ['it is empty', { ...GOOD, [WEIGHTS]: '' }, `malformed ${WEIGHTS}`],
    ['it has no weights', { ...GOOD, [WEIGHTS]: '{}' }, `malformed ${WEIGHTS}`],
    ['it is no text', { ...GOOD, [WEIGHTS]: Uint8Array.of(0xff) }, `malformed ${WEIGHTS}`],
    ['a name is there twice', { ...GOOD, [WEIGHTS]: '{"config": {"w": 1, "w": 2}}' }, `malformed ${WEIGHTS}`],
    ['it nests without end', { ...GOOD, [WEIGHTS]: '['.repeat(100_000) }, `malformed ${WEIGHTS}`],
    [
      'what is not known nests without end',
      { ...GOOD, [WEIGHTS]: `{"x": ${'['.repeat(100_000)}` },
      `limit ${WEIGHTS}`,
    ],
    ['the program is no JSON', { ...GOOD, 'models/model.json': 'import os' }, 'malformed models/model.json'],
    [
      'the program nests without end',
      { ...GOOD, 'models/model.json': `{"a": ${'{"a": '.repeat(5000)}` },
      'limit models/model.json',
    ],
    ['the format is another', { ...GOOD, archive_format: 'pt3' }, 'malformed archive_format'],
    ['the byte order is none', { ...GOOD, byteorder: 'middle' }, 'malformed byteorder'],
  ])('%s', async (_, records, expected) => {
    expect(await outcome(await archiveOf(records))).toBe(expected);
  });

  it('names its byte', async () => {
    const text = config({ w: payload({ path_name: '../x' }) });
    const bytes = await archiveOf({ ...GOOD, [WEIGHTS]: text });
    await expect(openExport(bytes)).rejects.toMatchObject({
      code: 'unsafe',
      offset: text.indexOf('"path_name"'),
    });
  });
});

describe('zeros', () => {
  const without = (sizes: number, device = 'cpu') => ({
    ...saying({}, { sizes: ints(sizes), device: { type: device, index: null } }),
    'data/weights/weight_0': new Uint8Array(0),
  });

  it('stand for tensors that were saved without data, each for itself', async () => {
    const one = payload();
    const bytes = await archiveOf({ ...without(4), [WEIGHTS]: config({ w: one, v: one }) });
    const { model, issues } = await openExport(bytes);
    expect([...model.tensors.keys()]).toEqual(['w', 'v']);
    expect(model.aliases.size).toBe(0);
    expect(await model.tensors.get('v')!.data.read(0, 16)).toEqual(new Uint8Array(16));
    expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['note zeros']);
  });

  it('are not made up for meta tensors', async () => {
    const { model, issues } = await openExport(await archiveOf(without(4, 'meta')));
    expect(model.tensors.size).toBe(0);
    expect(issues.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['no-data w']);
  });

  it('are bounded', async () => {
    expect(await outcome(await archiveOf(without(big)))).toBe('limit data/weights/weight_0');
  });
});

describe('pickles in an archive', () => {
  const evil = dict(['w', tensor()], ['x', call(global('os', 'system'), ['true'])]);

  it('are opened where they are weights, and what they would call is told', async () => {
    const { 'data/weights/weight_0': _, [WEIGHTS]: __, ...rest } = GOOD;
    const bytes = await archiveOf({ ...rest, 'data/weights/model.pt': await file(evil) });
    const { model, issues, archive } = await openExport(bytes);
    expect([...model.tensors.keys()]).toEqual(['w']);
    expect(issues.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['opaque os.system']);
    expect(archive.incidental.size).toBe(0);
  });

  it.each<[what: string, path: string, content: Uint8Array | Promise<Uint8Array>]>([
    ['sample inputs', 'data/sample_inputs/model.pt', file(evil)],
    ['an object of a class of its own', 'data/constants/custom_obj_0', file(evil)],
    ['a bare pickle', 'data/constants/opaque_obj_0', assemble(evil, { protocol: 2 })],
    [
      'a bare pickle without a header',
      'data/constants/opaque_obj_1',
      new TextEncoder().encode('cos\nsystem\n.'),
    ],
    ['a pickle where nobody looks', 'extra/readme.txt', assemble(evil, { protocol: 4 })],
  ])('are looked into where they are resources: %s', async (_, path, content) => {
    const bytes = await content;
    const { archive, issues } = await openExport(await archiveOf({ ...GOOD, [path]: bytes }));
    const { data } = archive.resources.get(path)!;
    expect(await data.read(0, data.size)).toEqual(bytes);
    expect(issues.map(({ code, subject }) => `${code} ${subject}`)).toContain('opaque os.system');
  });

  it.each<[what: string, content: Uint8Array | string]>([
    ['a pickle that is cut off', Uint8Array.of(0x80, 2, 0x63)],
    ['a ZIP that is cut off', 'PK\u0003\u0004 and no more'],
  ])('are kept although they cannot be read: %s', async (_, content) => {
    const { archive, issues } = await openExport(await archiveOf({ ...GOOD, 'extra/x': content }));
    expect(archive.resources.has('extra/x')).toBe(true);
    expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['note unread-resource']);
  });

  it('are not read where they are out of proportion', async () => {
    const pickle = new Uint8Array(200_000).fill(0x30);
    pickle.set([0x80, 2]);
    const records = { ...GOOD, 'extra/a.pkl': pickle };
    const { archive, issues } = await openExport(await archiveOf(records), {
      expandedBytes: 0,
      expansionRatio: 0.5,
    });
    expect(archive.resources.has('extra/a.pkl')).toBe(true);
    expect(issues.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['unread-resource extra/a.pkl']);
  });

  it('may not be longer in all than the file allows', async () => {
    const huge = call(global('torch._utils', '_rebuild_tensor_v2'), [
      {
        kind: 'persistent',
        id: { kind: 'tuple', items: ['storage', global('torch', 'FloatStorage'), '0', 'cpu', 4] },
      },
      0,
      { kind: 'tuple', items: [big] },
      { kind: 'tuple', items: [0] },
      false,
      null,
    ]);
    const nested = await file(dict(['w', huge]));
    const bytes = await archiveOf({ ...GOOD, 'data/weights/model.pt': nested });
    expect(await outcome(bytes)).toBe('limit data/weights/model.pt/data/0');
  });

  it('say where they are wrong', async () => {
    const nested = await file(dict(['w', tensor()]), { 'data/0': new Uint8Array(12) });
    const bytes = await archiveOf({ ...GOOD, 'data/weights/model.pt': nested });
    expect(await outcome(bytes)).toBe('malformed data/weights/model.pt/data/0');
    const empty = await archiveOf({ ...GOOD, 'data/weights/model.pt': await zipped({ 'a/b': 'x' }) });
    expect(await outcome(empty)).toBe('malformed data/weights/model.pt');
  });
});

describe('weights of a compiled model', () => {
  const place = 'data/aotinductor/model/weights_config.json';
  const compiled = async (weights: unknown) => ({
    'data/weights/weight_0': await file(tensor()),
    [place]: JSON.stringify(weights),
    archive_format: 'pt2',
    version: '3\n',
  });

  it.each<[what: string, weights: unknown, expected: string]>([
    ['nothing is wrong', { w: ['weight_0', [2, 2], [1, 2], 0] }, 'taken'],
    ['a look leads out', { w: ['weight_0', [5], [1], 0] }, 'malformed data/weights/weight_0/data/0'],
    ['a file is above', { w: ['../x', [4], [1], 0] }, `unsafe ${place}`],
    ['a file is missing', { w: ['weight_1', [4], [1], 0] }, 'malformed data/weights/weight_1'],
    ['a field is missing', { w: ['weight_0', [4], [1]] }, `malformed ${place}`],
    ['a field is too much', { w: ['weight_0', [4], [1], 0, 0] }, `malformed ${place}`],
    ['a stride is negative', { w: ['weight_0', [4], [-1], 0] }, `malformed ${place}`],
    ['a weight is a number', { w: 1 }, `malformed ${place}`],
  ])('%s', async (_, weights, expected) => {
    expect(await outcome(await archiveOf(await compiled(weights)))).toBe(expected);
  });

  it('hold one tensor a file', async () => {
    const records = await compiled({ w: ['weight_0', [4], [1], 0] });
    const two = await file(dict(['a', tensor()], ['b', tensor({ size: { kind: 'tuple', items: [2] } })]));
    const bytes = await archiveOf({ ...records, 'data/weights/weight_0': two });
    expect(await outcome(bytes)).toBe('malformed data/weights/weight_0');
  });
});
