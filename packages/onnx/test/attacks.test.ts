import { fromBytes, fromFiles, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import { lent } from './fixtures.ts';
import { message, text, varint } from './wire.ts';

const { reader } = onnx();

const model = (...tensors: readonly Uint8Array[]) =>
  new Uint8Array([...varint(1, 10), ...message(7, text(2, 'g'), ...tensors.map((each) => message(5, each)))]);

const join = (...fields: readonly Uint8Array[]) => new Uint8Array(fields.flatMap((each) => [...each]));

/** A tensor of four bytes in another file. */
const external = (said: readonly (readonly [key: string, value: string])[]) =>
  join(
    varint(1, 4),
    varint(2, 2),
    text(8, 'w'),
    ...said.map(([key, value]) => message(13, text(1, key), text(2, value))),
    varint(14, 1),
  );

async function open(bytes: Uint8Array) {
  const files = fromFiles(
    new Map([
      ['m.onnx', fromBytes(bytes)],
      ['w', fromBytes(new Uint8Array(8))],
    ]),
  );
  return reader!.open({ files, entry: 'm.onnx' }, lent());
}

describe('weights in another file', () => {
  const at = (location: string, ...more: readonly (readonly [string, string])[]) =>
    external([['location', location], ...more]);

  it.each<[string, Uint8Array, string]>([
    ['above the model', at('../w'), 'unsafe'],
    ['above by a way down', at('a/../../w'), 'unsafe'],
    ['above behind a dot', at('./../w'), 'unsafe'],
    ['at the root', at('/etc/passwd'), 'unsafe'],
    ['on a drive of Windows', at('..\\w'), 'unsafe'],
    ['of a name with NUL', at('w\0.txt'), 'unsafe'],
    ['of no name', at(''), 'malformed'],
    ['that nobody says', external([['offset', '0']]), 'malformed'],
    ['that is absent', at('absent'), 'not-found'],
    ['behind its end', at('w', ['offset', '5']), 'truncated'],
    ['far behind its end', at('w', ['offset', '9007199254740991']), 'truncated'],
    ['at no number', at('w', ['offset', '-1']), 'malformed'],
    ['at a number of hexadecimal', at('w', ['offset', '0x1']), 'malformed'],
    ['at a number beyond 2^53', at('w', ['offset', '9'.repeat(400)]), 'malformed'],
    ['of another length', at('w', ['length', '5']), 'malformed'],
    ['with a key that nobody knows', at('w', ['sha256', '00']), 'malformed'],
    ['with a key twice', at('w', ['location', 'v']), 'malformed'],
  ])('%s', async (_, tensor, code) => {
    await expect(open(model(tensor))).rejects.toMatchObject({ name: 'TorshError', code });
  });

  it('many times over', async () => {
    // Eight bytes, of which each of 40 tensors has its own four.
    const tensors = Array.from({ length: 40 }, (_, index) =>
      join(
        ...Array.from({ length: index }, () => varint(1, 1)),
        varint(1, 4),
        varint(2, 2),
        message(13, text(1, 'location'), text(2, 'w')),
        varint(14, 1),
      ),
    );
    const files = fromFiles(
      new Map([
        ['m.onnx', fromBytes(model(...tensors))],
        ['w', fromBytes(new Uint8Array(8))],
      ]),
    );
    const limits = withLimits({ expandedBytes: 0 });
    const input = { files, entry: 'm.onnx' };
    await expect(reader!.open(input, { ...lent(), limits })).rejects.toMatchObject({ code: 'limit' });
    const generous = withLimits({ expandedBytes: 32 });
    const archive = await reader!.open(input, { ...lent(), limits: generous });
    expect(archive.models.get('model')!.tensors.size).toBe(40);
  });

  it('is never the text itself', async () => {
    const words = join(external([['location', 'w']]).slice(2), varint(2, 8));
    // A tensor of text stays in the graph, wherever it says that it is: no file is opened for it.
    const archive = await open(model(words));
    expect(archive.models.get('model')!.tensors.size).toBe(0);
  });
});

describe('what a small file claims', () => {
  const tensors = async (...fields: readonly Uint8Array[]) => {
    const archive = await open(model(join(...fields)));
    return [...archive.models.get('model')!.tensors.values()];
  };
  const bytes = message(9, new Uint8Array(4));

  it('a tensor of more bytes than there are numbers', async () => {
    const huge = varint(1, 2 ** 52);
    expect(await tensors(huge, huge, huge, varint(2, 1), text(8, 'w'), bytes)).toEqual([]);
  });

  it('a tensor of nothing, times more than there are numbers', async () => {
    const [tensor] = await tensors(
      varint(1, 2 ** 52),
      varint(1, 0),
      varint(1, 2 ** 52),
      varint(2, 1),
      text(8, 'w'),
    );
    expect(tensor).toMatchObject({ shape: [2 ** 52, 0, 2 ** 52], data: { size: 0 } });
  });

  it('more dimensions than anybody needs', async () => {
    const dims = message(1, new Uint8Array(2000).fill(1));
    expect(await tensors(dims, varint(2, 1), text(8, 'w'), bytes)).toEqual([]);
  });

  it('10,000 levels of subgraphs', async () => {
    let nested: Uint8Array = text(2, 'g');
    for (let level = 0; level < 3_333; level++) nested = message(1, message(5, message(6, nested)));
    await expect(open(join(varint(1, 10), message(7, nested)))).rejects.toMatchObject({ code: 'limit' });
  });

  it('10,000 types within types', async () => {
    let nested: Uint8Array = new Uint8Array(0);
    for (let level = 0; level < 10_000; level++) nested = message(level % 2 === 0 ? 1 : 4, nested);
    const input = message(11, message(2, nested));
    await expect(open(join(varint(1, 10), message(7, input)))).rejects.toMatchObject({ code: 'limit' });
  });

  it('groups within groups', async () => {
    const start = Uint8Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? 0xc3 : 0x3e));
    await expect(open(start)).rejects.toMatchObject({ code: 'limit' });
  });

  it('a graph in 30,000 parts, each with a tensor', async () => {
    const parts = Array.from({ length: 30_000 }, () =>
      message(7, message(5, varint(1, 4), varint(2, 2), bytes)),
    );
    const archive = await open(Buffer.concat([varint(1, 10), ...parts]));
    expect(archive.models.get('model')!.tensors.size).toBe(30_000);
  });

  it('numbers in 2,000 parts', async () => {
    const parts = Array.from({ length: 2_000 }, () => message(4, new Uint8Array(4)));
    expect(await tensors(varint(1, 2_000), varint(2, 1), text(8, 'w'), ...parts)).toEqual([]);
    expect(await tensors(varint(1, 1_000), varint(2, 1), text(8, 'w'), ...parts.slice(1_000))).toHaveLength(
      1,
    );
  });

  it.each([
    ['texts', () => message(1, message(1))],
    ['fields that nobody knows', () => message(1013)],
    ['parts of weights', () => message(5, message(4))],
    ['numbers of one byte', () => message(1, message(5, message(8, new Uint8Array(16).fill(1))))],
  ])('nothing but %s without end', async (_, field) => {
    const all = Buffer.concat([varint(1, 10), message(7, ...Array.from({ length: 1000 }, field))]);
    const small = { ...lent(), limits: withLimits({ messageBytes: 15_000 }) };
    const input = { files: fromFiles(new Map([['m.onnx', fromBytes(all)]])), entry: 'm.onnx' };
    await expect(reader!.open(input, small)).rejects.toMatchObject({ code: 'limit' });
  });

  it('a size beyond 2^53 of something that is not here', async () => {
    const max = Uint8Array.from([8, ...new Uint8Array(8).fill(255), 127]);
    const type = message(1, varint(1, 1), message(2, message(1, max)));
    const archive = await open(join(varint(1, 10), message(7, message(11, text(1, 'x'), message(2, type)))));
    expect(archive.metadata.onnx).toMatchObject({ inputs: [{ name: 'x', shape: ['9223372036854775807'] }] });
  });

  it('a name that is longer than any path', async () => {
    const named = (name: string) => join(varint(1, 4), varint(2, 2), text(8, name), bytes);
    const archive = await open(
      model(named('w'.repeat(4096)), named('w'.repeat(4097)), named('ä'.repeat(2049))),
    );
    const names = [...archive.models.get('model')!.tensors.keys()];
    expect(names).toEqual(['w'.repeat(4096), 'graph/initializer[1]', 'graph/initializer[2]']);
  });

  it('a name that every tensor has', async () => {
    const same = join(varint(1, 4), varint(2, 2), text(8, 'w'), bytes);
    const archive = await open(model(...Array.from({ length: 2000 }, () => same)));
    const names = [...archive.models.get('model')!.tensors.keys()];
    expect(names.length).toBe(2000);
    expect(names.slice(0, 3)).toEqual(['w', 'graph/initializer[1]', 'graph/initializer[2]']);
  });
});

it('a model without a graph is none', async () => {
  await expect(open(varint(1, 10))).rejects.toMatchObject({ code: 'malformed' });
});
