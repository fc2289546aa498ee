import { defaultLimits, fromBytes, fromFiles, toFiles, webPlatform, withLimits } from '@torsh/bytes';
import { type Archive, compare, createContext, type JsonObject, plan } from '@torsh/core';
import { assemble, type PickleValue } from '@torsh/pickle';
import { openZip } from '@torsh/zip';
import { describe, expect, it } from 'vitest';
import { pickle, torchLegacy, torchSave } from '../../src/index.ts';
import { counted, stream, storage as stretched } from '../legacy/support.ts';
import { call, dict, file, global, list, openAndRead, storage, tensor, tuple, utils } from '../support.ts';

const format = torchSave();
const options = { formats: [format], platform: webPlatform };

async function write(whole: Archive): Promise<Uint8Array> {
  const output = toFiles();
  await format.writer!.write(whole, output, 'x.pt', createContext(options));
  await output.close();
  return output.files().get('x.pt')!;
}

/** Writes, reads it back, and holds it to what `keeps` promises. */
async function back(whole: Archive): Promise<Archive> {
  const { archive } = await openAndRead(await write(whole));
  expect(await compare(archive, await format.writer!.keeps!(whole, defaultLimits, 'x.pt'), options)).toEqual(
    [],
  );
  return archive;
}

/** The bytes of the first storage of a file that was written. */
async function recordIn(bytes: Uint8Array): Promise<Uint8Array> {
  const zip = await openZip(fromBytes(bytes), {
    limits: defaultLimits,
    platform: webPlatform,
    strictness: 'tolerant',
  });
  const record = await zip.open('x/data/0');
  return record!.read(0, record!.size);
}

const issuesOf = (whole: Archive): string[] =>
  plan(whole, format).issues.map(({ severity, code }) => `${severity} ${code}`);

const structureOf = (whole: Archive) => (whole.metadata.torch as JsonObject).structure;

async function valuesOf(whole: Archive): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (const { name: within, tensors } of whole.models.values())
    for (const { name, data } of tensors.values()) {
      const bytes = await data.read(0, data.size);
      found[`${within}:${name}`] = [...new Float32Array(new Uint8Array(bytes).buffer)];
    }
  return found;
}

describe('NumPy arrays of a pickle', () => {
  const BYTES = Uint8Array.from({ length: 12 }, (_, index) => index + 1);
  const dtype = (name: string, order: string) =>
    call(global('numpy', 'dtype'), [name, false, true], {
      states: [tuple(3, order, null, null, null, -1, -1, 0)],
    });
  const array = (type: PickleValue, fortran = false, cls = 'ndarray', content: PickleValue = BYTES) =>
    call(
      global('numpy.core.multiarray', '_reconstruct'),
      [global('numpy', cls), tuple(0), Uint8Array.of(0x62)],
      {
        states: [tuple(1, tuple(2, 3), type, fortran, content)],
      },
    );
  const lent = (content: PickleValue) =>
    call(global('numpy.core.numeric', '_frombuffer'), [content, dtype('u2', '>'), tuple(2, 3), 'F']);

  it.each<[string, PickleValue]>([
    ['as numpy writes them', array(dtype('u2', '<'))],
    ['in the order of Fortran', array(dtype('u2', '<'), true)],
    ['with the highest byte first', array(dtype('u2', '>'))],
    ['both', array(dtype('u2', '>'), true)],
    ['of a class of its own', array(dtype('u2', '<'), false, 'matrix')],
    ['on memory that was lent', lent({ kind: 'bytearray', bytes: BYTES })],
    ['that cannot be written to', lent(BYTES)],
  ])('%s', async (_, value) => {
    const source = assemble(list(value, 'x', value), { protocol: 5 });
    const { archive } = await openAndRead(source, {}, pickle());
    expect(issuesOf(archive)).toEqual([]);
    const made = await back(archive);
    // In a checkpoint they are values: the very calls of the source, and what was one array is one.
    const same = await openAndRead(await file({ pickle: source }));
    expect(structureOf(made)).toEqual(structureOf(same.archive));
  });

  it('are not given back where they are more than a pickle may be', async () => {
    const source = assemble(list(array(dtype('u2', '<'))), { protocol: 4 });
    const { archive } = await openAndRead(source, {}, pickle());
    const issues = format.writer!.examine!(archive, withLimits({ pickleBytes: 11 }));
    expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['loss structure']);
  });

  it.each<[string, JsonObject]>([
    ['of no type', { $ndarray: '0' }],
    ['of another type', { $ndarray: '0', dtype: '<f2' }],
    ['of a type that numpy has not', { $ndarray: '0', dtype: 'O' }],
    ['with a class that is no name', { $ndarray: '0', dtype: '<u2', class: ['os'] }],
    ['on memory of another kind', { $ndarray: '0', dtype: '<u2', buffer: 'mmap' }],
    ['with something to say that nobody knows', { $ndarray: '0', dtype: '<u2', colour: 'red' }],
    ['that is not there', { $ndarray: '1', dtype: '<u2' }],
  ])('are left for a state dict: %s', async (_, said) => {
    const source = assemble(list(array(dtype('u2', '<'))), { protocol: 4 });
    const { archive } = await openAndRead(source, {}, pickle());
    const torch = { ...(archive.metadata.torch as JsonObject), structure: [said] };
    const changed = { ...archive, metadata: { torch } };
    expect(issuesOf(changed)).toEqual(['loss structure']);
    expect([...(await back(changed)).models.get('model')!.tensors.keys()]).toEqual(['0']);
  });
});

describe('storages that are parts of others', () => {
  const numbers = Float32Array.from({ length: 8 }, (_, index) => index);
  const root = [{ key: 'root', count: 8, bytes: new Uint8Array(numbers.buffer) }];
  const part = (key: string, from: number, numel: number) =>
    stretched({ key: 'root', numel: 8, stretch: tuple(key, from, numel) });
  const old = (on: PickleValue, numel: number) =>
    call(utils('_rebuild_tensor'), [on, 0, tuple(numel), tuple(1)]);

  it('are copies, and the plan says so', async () => {
    const bytes = stream(list(part('a', 2, 3), part('b', 1, 2), old(part('a', 2, 3), 3)), root).bytes;
    const { archive } = await openAndRead(bytes, {}, torchLegacy());
    expect([...archive.models.get('model')!.aliases]).toEqual([['2', '0']]);
    expect(issuesOf(archive)).toEqual(['note storage-copied']);
    const made = await back(archive);
    expect(await valuesOf(made)).toEqual({
      'model:0': [2, 3, 4],
      'model:1': [1, 2],
      // The tensor lies in the whole of it.
      'model:2': [2, 3, 4],
    });
    expect(structureOf(made)).toEqual([
      { $storage: '0' },
      { $storage: '1' },
      { $tensor: '2', storage: '2', offset: 2 },
    ]);
  });

  it('need no whole that nothing else shows', async () => {
    const { archive } = await openAndRead(stream(list(part('a', 2, 3)), root).bytes, {}, torchLegacy());
    const made = await back(archive);
    expect(await valuesOf(made)).toEqual({ 'model:0': [2, 3, 4] });
    expect((made.metadata.torch as JsonObject).storages).toMatchObject({ 0: { numel: 3 } });
  });

  it('are not made up', async () => {
    const { archive } = await openAndRead(stream(list(part('a', 2, 3)), root).bytes, {}, torchLegacy());
    const torch = archive.metadata.torch as JsonObject;
    const structure = [{ $storage: 'root', offset: 6, numel: 3 }];
    expect(issuesOf({ ...archive, metadata: { torch: { ...torch, structure } } })).toEqual([
      'loss structure',
    ]);
  });
});

describe('tensors in keys of dictionaries', () => {
  const floats = {
    'data/0': new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer),
    'data/1': new Uint8Array(16),
  };
  const other = tensor({ storage: storage({ key: '1' }) });

  it('are extracted after all others, and come back', async () => {
    const whole = dict([tuple(tensor(), 1), 'x'], ['weight', other]);
    const bytes = await file(whole, floats);
    const { archive, issues, torch } = await openAndRead(bytes);
    expect(await valuesOf(archive)).toEqual({ 'model:weight': [0, 0, 0, 0], 'extra:key 0.0': [1, 2, 3, 4] });
    expect(torch.structure).toMatchObject({
      $dict: [
        [{ $tuple: [{ $tensor: 'key 0.0', model: 'extra' }, 1] }, 'x'],
        ['weight', { $tensor: 'weight' }],
      ],
    });
    expect(issues.map(({ code }) => code)).toEqual(['extra']);
    expect(issuesOf(archive)).toEqual([]);
    const made = await back(archive);
    expect(structureOf(made)).toEqual(torch.structure);
    expect(await valuesOf(made)).toEqual(await valuesOf(archive));
  });

  it('have the name that they have elsewhere', async () => {
    // An optimizer: its state is by parameter, and parameters are in its groups.
    const parameter = tensor();
    const whole = dict(['state', dict([parameter, dict(['step', 1])])], ['groups', list(parameter)]);
    const { model, archive, torch } = await openAndRead(await file(whole));
    expect([...archive.models.keys()]).toEqual(['model']);
    expect([...model.tensors.keys()]).toEqual(['groups.0']);
    expect(torch.structure).toMatchObject({ state: { $dict: [[{ $tensor: 'groups.0' }, { step: 1 }]] } });
    expect(structureOf(await back(archive))).toEqual(torch.structure);
  });

  it('are found in frozensets, in storages and behind other keys, as deep as the limit allows', async () => {
    const bare = dict([{ kind: 'frozenset', items: [tensor()] }, dict([storage({ key: '1' }), null])]);
    const { archive } = await openAndRead(await file(bare, floats));
    expect(Object.keys(await valuesOf(archive))).toEqual([
      'extra:key 0.0',
      'extra:frozenset({object}).key 0',
    ]);
    let key: PickleValue = tensor();
    for (let depth = 0; depth < 40; depth++) key = tuple(key);
    const deep = await file(dict([key, 1]));
    await expect(openAndRead(deep, { depth: 30 })).rejects.toMatchObject({ code: 'limit', path: 'data.pkl' });
  });
});

describe('a large transposed tensor', () => {
  it('is copied, and not put together from itself', async () => {
    const side = 1500;
    const bytes = new Uint8Array(side * side * 4).map((_, index) => index % 251);
    const turned = tensor({
      storage: storage({ numel: side * side }),
      size: tuple(side, side),
      stride: tuple(1, side),
    });
    const source = await file(list(turned, tensor({ storage: storage({ key: '1' }) })), {
      'data/0': bytes,
      'data/1': new Uint8Array(16),
    });
    const { source: watched, read } = counted(source);
    const files = fromFiles(new Map([['x.pt', watched]]));
    const whole = await format.reader!.open({ files, entry: 'x.pt' }, createContext(options));
    const before = read();
    const written = await write(whole);
    expect(read() - before).toBeLessThan(bytes.length + 1024);
    expect(Buffer.compare(await recordIn(written), bytes)).toBe(0);
  });

  it('leaves out what it does not show', async () => {
    // Four of six floats: what lies between them is nobody's.
    const bytes = new Uint8Array(24).fill(7);
    const part = tensor({ storage: storage({ numel: 6 }), size: tuple(2, 2), stride: tuple(1, 3) });
    const { archive } = await openAndRead(await file(list(part), { 'data/0': bytes }));
    expect([...(await recordIn(await write(archive)))]).toEqual([
      7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0,
    ]);
  });
});
