import { readdirSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { type ByteSource, fromBytes, fromFiles, type Limits, webPlatform, withLimits } from '@torsh/bytes';
import { createContext } from '@torsh/core';
import { assemble } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { type Survey, survey } from '../../src/index.ts';
import { call, dict, FOUR_FLOATS, file, global, list, storage, tensor, tuple, zipped } from '../support.ts';

const evil = assemble(call(global('posix', 'getcwd')));
const harmless = assemble(list(1, 2));

async function look(bytes: Uint8Array | ByteSource, limits: Partial<Limits> = {}): Promise<Survey> {
  const source = bytes instanceof Uint8Array ? fromBytes(bytes) : bytes;
  const context = createContext({ formats: [], platform: webPlatform, limits: withLimits(limits) });
  return survey({ files: fromFiles(new Map([['x', source]])), entry: 'x' }, context);
}

/** Each pickle as `path@offset`, with the names that torsh does not know. */
const told = ({ found }: Survey) =>
  found.map(({ path, offset, globals }) => {
    const names = globals
      .filter(({ known }) => !known)
      .map((use) => ` ${use.module}.${use.name}@${use.offset}`);
    return `${path}@${offset}${names.join('')}`;
  });

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const CALL_AT = evil.indexOf(0x63) < 0 ? evil.indexOf(0x93) : evil.indexOf(0x63);

describe('a file of PyTorch', () => {
  it('has one pickle, and its storages are not read', async () => {
    // A storage whose bytes are a pickle: nobody unpickles it.
    const bytes = await file(dict(['a', tensor()]), { 'data/0': evil.slice(0, 16) });
    const found = await look(bytes);
    expect(told(found)).toEqual(['archive/data.pkl@0']);
    expect(found).toMatchObject({ status: 'complete', unseen: [], programs: [], notes: [] });
  });

  it('has a record that no tensor uses: it is looked into under any name', async () => {
    const bytes = await file(dict(['a', tensor()]), { ...FOUR_FLOATS, 'data/1': evil, notes: evil });
    expect(told(await look(bytes))).toEqual([
      'archive/data.pkl@0',
      `archive/data/1@0 posix.getcwd@${CALL_AT}`,
      `archive/notes@0 posix.getcwd@${CALL_AT}`,
    ]);
  });

  it('that is cut off is refused, and what is there is told', async () => {
    const bytes = await file({ pickle: evil });
    const found = await look(bytes.subarray(0, bytes.length - 10));
    expect(found.status).toBe('error');
    expect(found.error).toMatchObject({ code: 'truncated', offset: bytes.length - 10 });
    expect(told(found)).toEqual([`archive/data.pkl@0 posix.getcwd@${CALL_AT}`]);
  });

  it('has weights and texts that are no pickles', async () => {
    const texts = {
      'readme.md': 'cool\nthings here\n',
      'a.json': '{"a": 1}',
      'b.txt': '(no pickle)',
      c: 'N.',
    };
    expect(told(await look(await zipped(texts)))).toEqual([]);
    // One that calls what it has imported is none of these, broken or not.
    const broken = await look(await zipped({ labels: 'cposix\ngetcwd\n(tR\x01' }));
    expect(told(broken)).toEqual(['labels@0 posix.getcwd@0']);
    expect(broken.status).toBe('partial');
  });
});

it.each(['torch-save', 'torch-legacy', 'torch-tar', 'torchscript', 'torch-export', 'torch-package'])(
  'files of %s are read whole',
  async (name) => {
    const folder = new URL(`../../../../fixtures/${name}/`, import.meta.url);
    // One of them holds a file that is called like a pickle and is none.
    const isModel = (each: string) => /\.(pt|pth|tar|pt2|ptl)$/.test(each) && each !== 'odd-names.pt';
    const models = readdirSync(folder).filter(isModel);
    expect(models).not.toEqual([]);
    for (const each of models) {
      const { status, unseen, ...rest } = await look(new Uint8Array(readFileSync(new URL(each, folder))));
      // The ids in the tar of torch 0.1 speak of tensors, by their number.
      const notes = rest.notes.filter(({ code }) => name !== 'torch-tar' || code !== 'persistent-id');
      expect({ each, status, unseen, notes }).toEqual({ each, status: 'complete', unseen: [], notes: [] });
    }
  },
);

describe('streams', () => {
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
  const size = (elements: number) => Uint8Array.of(elements, 0, 0, 0, 0, 0, 0, 0);
  const legacy = (object: Uint8Array, ...behind: readonly Uint8Array[]) =>
    joined(magic, assemble(1001), assemble(dict()), object, assemble(list('0')), size(4), ...behind);

  it('of the old torch.save end with storages, and what follows those is looked into', async () => {
    // The bytes of the storage would be a pickle too.
    const weights = joined(evil, new Uint8Array(64)).subarray(0, 16);
    const object = assemble(dict(['a', tensor()]));
    const honest = await look(legacy(object, weights));
    expect(honest).toMatchObject({ status: 'complete', notes: [] });
    expect(honest.found.map(({ globals, notes }) => [globals.length > 0, notes.length])).toEqual([
      [false, 0],
      [false, 0],
      [false, 0],
      [true, 0],
      [false, 0],
    ]);
    const whole = legacy(object, weights);
    const found = await look(joined(whole, evil));
    expect(told(found).at(-1)).toBe(`@${whole.length} posix.getcwd@${whole.length + CALL_AT}`);
    expect(found.notes.map(({ code, offset }) => [code, offset])).toEqual([['trailing-bytes', whole.length]]);
    expect((await look(whole.subarray(0, whole.length - 1))).notes.map(({ code }) => code)).toEqual([
      'truncated',
    ]);
  });

  it('of any size are not read whole', async () => {
    const GiB = 2 ** 30;
    const front = joined(
      magic,
      assemble(1001),
      assemble(dict()),
      assemble(dict(['a', tensor({ storage: storage({ numel: GiB }) })])),
      assemble(list('0')),
      Uint8Array.of(0, 0, 0, 0x40, 0, 0, 0, 0),
    );
    let read = 0;
    const source: ByteSource = {
      size: front.length + 4 * GiB,
      async read(offset, length) {
        read += length;
        const bytes = new Uint8Array(length);
        bytes.set(front.subarray(offset, offset + length));
        return bytes;
      },
    };
    expect((await look(source)).status).toBe('complete');
    expect(read).toBeLessThan(8 * 2 ** 20);
  });

  it('of several pickles, and of bytes that are none', async () => {
    const found = await look(joined(harmless, Uint8Array.of(1, 2, 3), evil));
    expect(found.found.map(({ offset, status }) => [offset, status])).toEqual([
      [0, 'complete'],
      [harmless.length, 'partial'],
      [harmless.length + 3, 'complete'],
    ]);
    expect(found.status).toBe('partial');
  });
});

describe('the tar of torch 0.1', () => {
  const member = (name: string, content: Uint8Array): Uint8Array => {
    const header = new Uint8Array(512);
    const put = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
    put(name, 0);
    put(content.length.toString(8).padStart(11, '0'), 124);
    put('0', 156);
    put('ustar', 257);
    return joined(header, content, new Uint8Array((512 - (content.length % 512)) % 512));
  };
  const float = global('torch', 'FloatStorage');
  const u64 = (...values: readonly number[]) => new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
  const storages = (weights: Uint8Array) =>
    joined(assemble(1), assemble(tuple(7, 'cpu', float)), u64(weights.length / 4), weights, assemble(list()));
  const tensors = joined(
    assemble(1),
    assemble(tuple(1, 7, global('torch', 'FloatTensor'))),
    u64(2, 2, 2, 2, 1, 0),
  );
  const tar = (weights: Uint8Array, ...behind: readonly Uint8Array[]) =>
    joined(
      member('sys_info', assemble(dict())),
      member('pickle', assemble(dict())),
      member('tensors', tensors),
      member('storages', joined(storages(weights), ...behind)),
      new Uint8Array(1024),
    );

  it('has pickles between bytes that are none', async () => {
    const weights = joined(Uint8Array.of(0x80, 2), new Uint8Array(14));
    const found = await look(tar(weights));
    expect(found).toMatchObject({ status: 'complete', notes: [], unseen: [] });
    expect(found.found.map(({ path, status }) => `${path} ${status}`)).toEqual([
      'sys_info complete',
      'pickle complete',
      'tensors complete',
      'tensors complete',
      'storages complete',
      'storages complete',
      'storages complete',
    ]);
  });

  it('may have more behind its storages, and that is looked into', async () => {
    const weights = new Uint8Array(16);
    const at = storages(weights).length;
    expect(told(await look(tar(weights, evil))).at(-1)).toBe(`storages@${at} posix.getcwd@${at + CALL_AT}`);
  });

  it('may lie: then what follows is read as pickles', async () => {
    const lying = joined(assemble(3), assemble(tuple(7, 'cpu', global('os', 'NoStorage'))), evil);
    const found = await look(member('storages', lying));
    expect(told(found).at(-1)).toContain('posix.getcwd');
    const loads = assemble(call(global('pickle', 'loads'), [evil]));
    const names = told(await look(member('storages', joined(loads, storages(new Uint8Array(16))))));
    expect(names.some((name) => name.startsWith('storages!/') && name.includes('posix.getcwd'))).toBe(true);
    const cut = joined(assemble(1), assemble(tuple(7, 'cpu', float)), u64(2 ** 40));
    expect((await look(member('storages', cut))).notes.map(({ code }) => code)).toEqual(['truncated']);
  });
});

describe('what lies in something else', () => {
  it('is followed to a bounded depth', async () => {
    let bytes = evil;
    for (let level = 0; level < 12; level++) bytes = await zipped({ in: bytes });
    const found = await look(bytes);
    expect(found).toMatchObject({ status: 'partial', found: [], unseen: [{ code: 'nested-too-deep' }] });
  });

  it('is read as often as the whole file allows, not more', async () => {
    const inner = await zipped(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}.p`, evil])));
    const outer = await zipped(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}.zip`, inner])));
    expect((await look(outer, { entries: 200 })).unseen.length).toBeGreaterThan(0);
    expect((await look(outer, { entries: 200 })).found.length).toBeLessThan(200);
    const bounded = await look(outer, { expandedBytes: 100, expansionRatio: 0 });
    expect(bounded.status).toBe('partial');
    expect(bounded.found.length).toBeLessThan(10);
  });

  it('is told where it cannot be read', async () => {
    const deflated = joined(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), deflateRawSync(evil));
    expect(await look(deflated)).toMatchObject({
      status: 'partial',
      unseen: [{ path: '', code: 'compressed' }],
    });
    const bytes = await zipped({ 'a.pkl': evil, 'b.pkl': evil });
    bytes[bytes.indexOf(0x70)]! ^= 1;
    const damaged = await look(bytes);
    expect(damaged.status).not.toBe('complete');
  });

  it('may be an array of Python objects', async () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
    const npy = joined(
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0),
      new TextEncoder().encode(header),
      evil,
    );
    const at = npy.length - evil.length;
    expect(told(await look(npy))).toEqual([`@${at} posix.getcwd@${at + CALL_AT}`]);
  });

  it('is found behind a pickle as well', async () => {
    const polyglot = joined(harmless, await zipped({ 'a/data.pkl': evil }));
    const found = await look(polyglot);
    expect(found.status).toBe('error');
    expect(told(found)[0]).toBe('@0');
  });
});

describe('a survey', () => {
  it('goes through a folder', async () => {
    const files = new Map([
      ['b.pkl', fromBytes(evil)],
      ['a/c.bin', fromBytes(harmless)],
    ]);
    const context = createContext({ formats: [], platform: webPlatform });
    expect(told(await survey({ files: fromFiles(files) }, context))).toEqual([
      'a/c.bin@0',
      `b.pkl@0 posix.getcwd@${CALL_AT}`,
    ]);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const context = createContext({ formats: [], platform: webPlatform, signal });
    const input = { files: fromFiles(new Map([['x', fromBytes(evil)]])), entry: 'x' };
    await expect(survey(input, context)).rejects.toThrow('enough');
  });

  it('never fails over what is in a file', async () => {
    const whole = await file(dict(['a', tensor()], ['b', tuple(call(global('a', 'b')))]));
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at]! ^= 0x40;
      expect(['complete', 'partial', 'error']).toContain((await look(flipped)).status);
      expect((await look(whole.subarray(0, at))).status).toBeDefined();
    }
  });
});
