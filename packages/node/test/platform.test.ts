import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { crc32, TorshError } from '@torsh/bytes';
import { expect, test } from 'vitest';
import { nodePlatform } from '../src/index.ts';
import { noise, refused } from './folder-for-tests.ts';

async function* inBlocks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all blocks, as a source is free to do it.
  const lent = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const length = Math.min(size, bytes.length - at);
    lent.set(bytes.subarray(at, at + length));
    yield lent.subarray(0, length);
    lent.fill(0xee);
  }
}

async function inflated(compressed: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of nodePlatform.inflate(compressed)) parts.push(part.slice());
  return Buffer.concat(parts);
}

const text = Buffer.concat([Buffer.from('weights and biases\n'.repeat(40_000)), noise(300_000)]);
const deflated = zlib.deflateRawSync(text);

test('sums as the reference does', () => {
  const hasher = nodePlatform.sha256();
  hasher.update(text.subarray(0, 1000));
  hasher.update(text.subarray(1000));
  expect(hasher.digest()).toBe(createHash('sha256').update(text).digest('hex'));
  expect(nodePlatform.crc32(text.subarray(9), nodePlatform.crc32(text.subarray(0, 9)))).toBe(crc32(text));
});

test.each([1, 7, 4096, 2 ** 20])('inflates blocks of %i bytes', async (size) => {
  const data = size < 100 ? zlib.deflateRawSync(text.subarray(0, 5000)) : deflated;
  const expected = size < 100 ? text.subarray(0, 5000) : text;
  expect((await inflated(inBlocks(data, size))).equals(expected)).toBe(true);
});

test('inflates nothing from an empty deflate stream', async () => {
  expect(await inflated(inBlocks(zlib.deflateRawSync(Buffer.alloc(0)), 10))).toHaveLength(0);
});

test.each([1, 100, 2 ** 20])('refuses bytes after the end, in blocks of %i', async (size) => {
  const small = zlib.deflateRawSync(text.subarray(0, 3000));
  await refused(inflated(inBlocks(Buffer.concat([small, Buffer.from('x')]), size)), 'malformed');
  await refused(inflated(inBlocks(Buffer.concat([small, noise(5000)]), size)), 'malformed');
});

test('refuses what ends too early and what is not deflate', async () => {
  await refused(inflated(inBlocks(deflated.subarray(0, deflated.length - 3), 1000)), 'malformed');
  await refused(inflated(inBlocks(Buffer.alloc(0), 1000)), 'malformed');
  await refused(inflated(inBlocks(Buffer.alloc(2000, 0xff), 1000)), 'malformed');
});

test('passes the errors of the compressed side on untouched', async () => {
  const lost = new TorshError('truncated', 'The file ends.');
  const stopped = new Error('stop');
  for (const error of [lost, stopped]) {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield deflated.subarray(0, 1000);
      throw error;
    };
    await expect(inflated(failing())).rejects.toBe(error);
  }
});

test('asks for no more than is consumed, and ends when the reader leaves', async () => {
  const bomb = zlib.deflateRawSync(Buffer.alloc(64 * 2 ** 20));
  let asked = 0;
  let ended = false;
  const counting = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < bomb.length; at += 512) {
        asked++;
        yield bomb.subarray(at, at + 512);
      }
    } finally {
      ended = true;
    }
  };
  for await (const part of nodePlatform.inflate(counting())) {
    expect(part.length).toBeLessThanOrEqual(64 * 1024);
    break;
  }
  expect(asked).toBeLessThan(8);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ended).toBe(true);
});

test.each([7, 4096, 2 ** 20])('deflates blocks of %i bytes', async (size) => {
  const content = size < 100 ? text.subarray(0, 5000) : text;
  const parts: Uint8Array[] = [];
  for await (const part of nodePlatform.deflate(inBlocks(content, size))) parts.push(part);
  const made = Buffer.concat(parts);
  expect(made.length).toBeLessThan(content.length);
  expect(zlib.inflateRawSync(made).equals(content)).toBe(true);
});

test('an error of what is deflated is passed on, and nobody waits', async () => {
  const error = new Error('gone');
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    throw error;
  };
  const all = async (): Promise<void> => {
    for await (const _ of nodePlatform.deflate(failing()));
  };
  await expect(all()).rejects.toBe(error);
});

test.each(['matches', 'runs', 'symbols'] as const)(
  'deflates a block, looking for %s, and back',
  async (method) => {
    const deflated = await nodePlatform.deflateBlock!(text, method);
    expect(deflated.length).toBeLessThan(text.length);
    expect(zlib.inflateRawSync(deflated).equals(text)).toBe(true);
    expect(text.equals(await nodePlatform.inflateBlock!(deflated, text.length))).toBe(true);
  },
);

test('inflates no block that is not what it should be', async () => {
  const inflate = nodePlatform.inflateBlock!;
  for (const [compressed, length] of [
    [deflated, text.length - 1],
    [deflated, text.length + 1],
    [deflated, 3],
    [deflated.subarray(0, -1), text.length],
    [Buffer.concat([deflated, Buffer.of(0)]), text.length],
    [noise(1000), 1000],
    [Buffer.alloc(0), 0],
  ] as const) {
    await expect(inflate(compressed, length)).rejects.toMatchObject({ code: 'malformed' });
  }
});
