import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, fromFiles, isTorshError, readAll, webPlatform } from '@torsh/bytes';
import { createContext, tensorsOf } from '@torsh/core';
import { assemble, type PickleValue, type PyPersistent, type PyTuple } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { salvage, torchSave } from '../../src/index.ts';
import type { Salvage } from '../../src/salvage/salvage.ts';
import { dict, file, list, open, storage, tensor, tuple, zipped } from '../support.ts';

const folder = new URL('../../../../fixtures/torch-save/', import.meta.url);
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const context = createContext({ formats: [torchSave()], platform: webPlatform });

const rescue = (bytes: Uint8Array): Promise<Salvage> =>
  salvage({ files: fromFiles(new Map([['x.pt', fromBytes(bytes)]])), entry: 'x.pt' }, context);

/** The code of the refusal, or what was recovered. */
async function outcome(bytes: Uint8Array): Promise<string | Salvage> {
  try {
    return await rescue(bytes);
  } catch (error) {
    if (isTorshError(error)) return error.code;
    throw error;
  }
}

type Values = ReadonlyMap<string, string>;

async function valuesOf(archive: Salvage['archive']): Promise<Values> {
  const values = new Map<string, string>();
  for (const [, { name, dtype, shape, data }] of tensorsOf(archive)) {
    const bytes = await readAll(data, 2 ** 24);
    values.set(name, `${dtype} ${shape} ${Buffer.from(bytes).toString('hex')}`);
  }
  return values;
}

/** How many names of the original came back; each with the very bytes, or the test fails. */
async function compared({ archive, lost }: Salvage, original: Values): Promise<number> {
  const values = await valuesOf(archive);
  for (const [name, value] of values) expect(value, name).toBe(original.get(name));
  const gone = new Set(lost.map(({ name }) => name));
  for (const name of original.keys()) expect(values.has(name), name).toBe(!gone.has(name));
  return values.size;
}

describe('a checkpoint that was cut off', () => {
  const fixtures = [
    ['tiny.pt', 1], // as torch 2.13 writes
    ['first-zip-writer.pt', 1], // version first, addresses as keys, sizes in the headers
    ['tied.pt', 1],
    ['views.pt', 1],
    ['like-1-13.pt', 3], // without the records of later writers
    ['deflated.pt', 5], // packed again
    ['protocol-4.pt', 5],
    ['unaligned.pt', 3],
    ['no-crc.pt', 5],
  ] as const;
  it.each(fixtures)('%s, at every byte (or every %ith), gives only what was in it', async (name, step) => {
    const bytes = load(name);
    const original = await valuesOf((await open(bytes)).archive);
    let most = 0;
    for (let length = (bytes.length - 1) % step; length < bytes.length; length += step) {
      const result = await outcome(bytes.subarray(0, length));
      if (typeof result === 'string') {
        expect(['truncated', 'unsupported', 'unsafe'], `${length}`).toContain(result);
        continue;
      }
      const count = await compared(result, original);
      expect(result.sound).toBe(false);
      // What was there in a shorter file is there in a longer one.
      expect(count).toBeGreaterThanOrEqual(most);
      most = count;
    }
    expect(most).toBe(original.size);
  });

  it('tells how much of a tensor was there, and loses its other names with it', async () => {
    const bytes = load('tied.pt');
    const whole = (await open(bytes)).model.tensors.get('embed.weight')!;
    const window = await whole.data.locate!();
    const { lost, archive, issues } = await rescue(bytes.subarray(0, window.offset + 10));
    const one = { dtype: 'F32', shape: [5, 3], bytes: 60, found: 10, reason: 'cut' };
    expect(lost).toEqual([
      { name: 'embed.weight', ...one },
      { name: 'head.weight', ...one },
    ]);
    expect(archive.metadata.torch).toMatchObject({ kind: 'torch.save', salvage: { lost } });
    expect(issues.map(({ severity, code, subject }) => [severity, code, subject])).toEqual([
      ['note', 'cut-off', undefined],
      ['loss', 'lost-tensor', 'embed.weight'],
      ['loss', 'lost-tensor', 'head.weight'],
    ]);
  });
});

describe('a checkpoint with damage in its middle', () => {
  it('tiny.pt, with each byte flipped: what is given is right, or there is an error', async () => {
    const bytes = load('tiny.pt');
    const original = await valuesOf((await open(bytes)).archive);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 0x10;
      const result = await outcome(flipped);
      if (typeof result !== 'string') await compared(result, original);
    }
  });

  it('keeps the tensors whose check sums are right', async () => {
    const bytes = load('tiny.pt').slice();
    const original = await open(bytes);
    const { offset } = await original.model.tensors.get('0.bias')!.data.locate!();
    bytes[offset]! ^= 1;
    const { lost, archive, sound } = await rescue(bytes);
    expect(lost).toEqual([
      { name: '0.bias', dtype: 'F32', shape: [3], bytes: 12, found: 12, reason: 'damaged' },
    ]);
    expect([...archive.models.get('model')!.tensors.keys()]).toEqual(['0.weight', '2.weight', '2.bias']);
    expect(sound).toBe(false);
  });

  it('goes on behind a descriptor that is damaged', async () => {
    const whole = load('tiny.pt');
    const window = await (await open(whole)).model.tensors.get('0.weight')!.data.locate!();
    const bytes = whole.slice(0, whole.length - 30);
    bytes[window.offset + 48]! ^= 1;
    expect((await rescue(bytes)).lost.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      '0.weight damaged',
    ]);
  });

  it('names a storage that is not there', async () => {
    const both = dict(['a', tensor()], ['b', tensor({ storage: storage({ key: '1' }) })]);
    const { lost } = await rescue(await file(both));
    expect(lost.map(({ name, reason, found }) => [name, reason, found])).toEqual([['b', 'missing', 0]]);
  });
});

describe('a stream of the old torch.save', () => {
  const magic = Uint8Array.of(
    0x80,
    2,
    0x8a,
    10,
    0x6c,
    0xfc,
    0x9c,
    0x46,
    0xf9,
    0x20,
    0x6a,
    0xa8,
    0x50,
    0x19,
    0x2e,
  );
  const floats = (...values: readonly number[]) => new Uint8Array(new Float32Array(values).buffer);
  const counted = (bytes: Uint8Array) => [Uint8Array.of(bytes.length / 4, 0, 0, 0, 0, 0, 0, 0), bytes];
  const stream = (object: PickleValue, keys: readonly string[], ...contents: readonly Uint8Array[]) =>
    Uint8Array.from(
      [
        magic,
        ...[1001, dict(), object, list(...keys)].map((value) => assemble(value)),
        ...contents.flatMap(counted),
      ].flatMap((part) => [...part]),
    );
  const three = dict(
    ['a', tensor({ storage: storage({ key: '9' }) })],
    ['b', tensor({ storage: storage({ key: '10' }) })],
    ['c', tensor({ storage: storage({ key: '9' }), offset: 1, size: tuple(2) })],
  );
  // Keys are sorted as texts, so the storage of b comes first.
  const [nine, ten] = [floats(1, 2, 3, 4), floats(5, 6, 7, 8)];
  const whole = stream(three, ['10', '9'], ten, nine);

  it('is sound, or gives at every byte what was in it', async () => {
    const all = await rescue(whole);
    expect(all).toMatchObject({ sound: true, lost: [] });
    const original = await valuesOf(all.archive);
    expect(original.get('b')).toBe(`F32 4 ${Buffer.from(ten).toString('hex')}`);
    expect(original.get('c')).toBe(`F32 2 ${Buffer.from(nine.subarray(4, 12)).toString('hex')}`);
    for (let length = 0; length < whole.length; length++) {
      const result = await outcome(whole.subarray(0, length));
      const behindKeys = length >= whole.length - 48;
      if (typeof result === 'string') expect(behindKeys, result).toBe(false);
      else {
        expect(await compared(result, original)).toBe(length < whole.length - 24 ? 0 : 1);
        expect(result.sound).toBe(false);
      }
    }
  });

  it('is not followed behind a storage of another length than the object says', async () => {
    const { lost } = await rescue(stream(three, ['10', '9'], floats(1, 2, 3), nine));
    expect(lost.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'a missing',
      'b damaged',
      'c missing',
    ]);
  });

  it('may have storages that are parts of others', async () => {
    const id = storage().id as PyTuple;
    const view: PyPersistent = { kind: 'persistent', id: tuple(...id.items, tuple('1', 1, 2)) };
    const object = dict(['v', tensor({ storage: view, size: tuple(2) })]);
    const bytes = stream(object, ['0'], nine);
    const value = `F32 2 ${Buffer.from(nine.subarray(4, 12)).toString('hex')}`;
    expect([...(await valuesOf((await rescue(bytes)).archive)).values()]).toEqual([value]);
    expect((await rescue(bytes.subarray(0, bytes.length - 1))).lost.map(({ name }) => name)).toEqual(['v']);
  });
});

describe('what needs no salvage, or has nothing to give', () => {
  it.each(readdirSync(folder).filter((name) => /^(tiny|storages|dtype-).*\.pt$/.test(name)))(
    '%s is sound',
    async (name) => {
      const { sound, lost } = await rescue(load(name));
      expect({ sound, lost }).toEqual({ sound: true, lost: [] });
    },
  );

  it('a file that ends inside of its object', async () => {
    const error = await rescue(load('tiny.pt').subarray(0, 300)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'truncated', path: 'data.pkl' });
  });

  it('a file that is no checkpoint', async () => {
    expect(await outcome(new TextEncoder().encode('<!DOCTYPE html>'))).toBe('unsupported');
    expect(await outcome(new Uint8Array(0))).toBe('unsupported');
    expect(await outcome(await zipped({ 'm/constants.pkl': 'x' }))).toBe('unsupported');
  });

  it('two records of one name are an attack, not damage', async () => {
    const bytes = new Uint8Array(readFileSync(new URL('../scan-cases/dup_data_pkl_first.pt', folder)));
    expect(await outcome(bytes)).toBe('unsafe');
    expect(await outcome(bytes.subarray(0, bytes.length - 30))).toBe('unsafe');
  });
});
