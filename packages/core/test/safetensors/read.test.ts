import { type ByteSource, defaultLimits, fromBytes, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/safetensors/index.ts';
import { file, fixture, info } from './fixtures.ts';

const read = (bytes: Uint8Array, limits = defaultLimits, tolerant = false) =>
  readSafetensors(fromBytes(bytes), { limits, tolerant, path: 'x.safetensors' });

const pair = `{"a":${info('F32', [1], 0, 4)},"b":${info('F32', [2], 4, 12)}}`;

describe('where errors are', () => {
  const start = (json: string, part: string) =>
    8 + new TextEncoder().encode(json.slice(0, json.lastIndexOf(part))).length;
  const hole = `{"é":${info('F32', [1], 0, 4)},"b":${info('F32', [1], 5, 9)}}`;
  const size = `{"é":${info('F32', [1], 0, 4)},"b":${info('F32', [3], 4, 12)}}`;
  const duplicate = `{"é":${info('U8', [0], 0, 0)},"é":${info('U8', [0], 0, 0)}}`;
  const float = `{"é":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}`;

  it.each([
    ['no length', new Uint8Array(3), 'truncated', 3],
    ['length above everything', new Uint8Array(16).fill(255), 'malformed', 0],
    ['header cut off', file(pair).subarray(0, 50), 'truncated', 50],
    ['data cut off', file(pair, 5), 'truncated', 8 + pair.length + 5],
    ['bytes behind the data', file(pair, 20), 'malformed', 8 + pair.length + 12],
    ['hole', file(hole, 9), 'malformed', start(hole, '"b"')],
    ['wrong size', file(size, 12), 'malformed', start(size, '"b"')],
    ['duplicate', file(duplicate), 'malformed', start(duplicate, '"é"')],
    ['not whole', file(float, 1), 'malformed', start(float, '1.0')],
    ['not UTF-8', file(Uint8Array.of(0x7b, 0x22, 0x61, 0xff, 0x22)), 'malformed', 11],
    ['UTF-8 cut off', file(Uint8Array.of(0x7b, 0x22, 0xc3)), 'malformed', 10],
    ['BOM', file(`\ufeff${pair}`, 12), 'malformed', 8],
    ['behind the object', file('{}x'), 'malformed', 10],
  ])('%s', async (_, bytes, code, offset) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code,
      offset,
      path: 'x.safetensors',
      format: 'safetensors',
    });
  });

  it('has messages that a person can read, whatever the file says', async () => {
    const json = `{"a":${info('x'.repeat(100_000), [1], 0, 1)}}`;
    const error = await read(file(json, 1)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unsupported' });
    expect((error as Error).message.length).toBeLessThan(1000);
  });

  it('says how many bytes are missing', async () => {
    await expect(read(file(pair, 5))).rejects.toThrow('7 bytes are missing');
    await expect(read(file(pair).subarray(0, pair.length))).rejects.toThrow(
      '8 bytes of the header are missing',
    );
  });
});

describe('limits', () => {
  it.each([
    ['headerBytes', 10],
    ['entries', 1],
    ['dimensions', 0],
    ['nameBytes', 0],
  ])('%s', async (name, value) => {
    await expect(read(file(pair, 12), withLimits({ [name]: value }))).rejects.toMatchObject({
      code: 'limit',
    });
  });

  it('depth', async () => {
    const deep = `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":${'['.repeat(100_000)}}}`;
    await expect(read(file(deep, 4), defaultLimits, true)).rejects.toMatchObject({ code: 'limit' });
  });
});

it('reads the header and nothing else', async () => {
  const bytes = fixture('golden/all-dtypes.safetensors');
  const reads: [number, number][] = [];
  const counting: ByteSource = {
    size: bytes.length,
    read: async (offset, length) => {
      reads.push([offset, length]);
      return bytes.subarray(offset, offset + length);
    },
  };
  const { headerBytes, tensors } = await readSafetensors(counting, { limits: defaultLimits });
  expect(reads).toEqual([
    [0, 8],
    [8, headerBytes - 8],
  ]);
  const [first] = tensors.values();
  await first?.data.read(0, 1);
  expect(reads.at(-1)).toEqual([headerBytes, 1]);
});

it('stops for a signal', async () => {
  const signal = AbortSignal.abort('enough');
  const opening = readSafetensors(fromBytes(fixture('cases/base.safetensors')), {
    limits: defaultLimits,
    signal,
  });
  await expect(opening).rejects.toBe('enough');
});

it('reads a header of 200,000 tensors in seconds', async () => {
  const entries: string[] = [];
  for (let index = 0; index < 200_000; index++) {
    const name = `model.layers.${index}.self_attn.q_proj.weight.${'x'.repeat(50)}`;
    entries.push(`"${name}":${info('F32', [1], index * 4, index * 4 + 4)}`);
  }
  const bytes = file(`{${entries.join(',')}}`, 800_000);
  const before = performance.now();
  const { tensors } = await read(bytes);
  expect(tensors.size).toBe(200_000);
  expect(performance.now() - before).toBeLessThan(10_000);
});

it('a name such as __proto__ is data', async () => {
  const json = `{"__metadata__":{"__proto__":"m"},"__proto__":${info('U8', [1], 0, 1)}}`;
  const { header, tensors } = await read(file(json, 1));
  expect(Object.keys(header.metadata)).toEqual(['__proto__']);
  expect(tensors.has('__proto__')).toBe(true);
  expect(({} as Record<string, unknown>).m).toBeUndefined();
});
