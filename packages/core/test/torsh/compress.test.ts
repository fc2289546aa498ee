import { deflateRawSync } from 'node:zlib';
import { type ByteSource, checkRead, digest, fromBytes } from '@torsh/bytes';
import { describe, expect, test } from 'vitest';
import { ahead } from '../../src/torsh/ahead.ts';
import { compressed } from '../../src/torsh/compress.ts';
import { contextOf, platform } from '../support.ts';

describe('compressed', () => {
  test('what is long is made a second time, and is the same', async () => {
    // 12 MiB of random digits deflate to more than is kept in memory.
    const size = 24 * 2 ** 20;
    const bytes = new Uint8Array(size);
    let state = 1;
    for (let index = 0; index < size; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes[index] = 48 + ((state >>> 24) % 12);
    }
    const { deflated } = await compressed(fromBytes(bytes), contextOf());
    expect(deflated!.size).toBeGreaterThan(8 * 2 ** 20);
    const [found] = await digest([deflated!], { platform, sha256: true });
    expect(found!.sha256).toBe(deflated!.expected!.sha256);
  });

  test('what does not become smaller is given up early', async () => {
    let read = 0;
    const size = 64 * 2 ** 20;
    const noise: ByteSource = {
      size,
      async read(offset, length) {
        checkRead(size, offset, length);
        read += length;
        return crypto.getRandomValues(new Uint8Array(65536)).subarray(0, Math.min(length, 65536));
      },
      block: 65536,
    };
    expect((await compressed(noise, contextOf())).deflated).toBeUndefined();
    expect(read).toBeLessThan(size / 4);
  });

  test('what was compressed elsewhere stays as it is', async () => {
    const source = {
      ...fromBytes(new Uint8Array(100)),
      deflated: fromBytes(deflateRawSync(new Uint8Array(100))),
    };
    expect(await compressed(source, contextOf())).toBe(source);
  });
});

describe('ahead', () => {
  const wait = (turns: number) => new Promise((resolve) => setTimeout(resolve, turns));

  test('keeps the order and the bound', async () => {
    let [now, most] = [0, 0];
    const results: number[] = [];
    const make = async (item: number): Promise<number> => {
      most = Math.max(most, ++now);
      await wait(10 - item);
      now--;
      return item * 2;
    };
    for await (const result of ahead([1, 2, 3, 4, 5, 6, 7, 8], 3, make)) results.push(result);
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    expect(most).toBe(3);
  });

  test('an error comes at its turn, and nothing goes on behind it', async () => {
    const seen: number[] = [];
    let running = 0;
    const make = async (item: number): Promise<number> => {
      running++;
      await wait(item === 2 ? 0 : 5);
      running--;
      if (item === 2) throw new Error('two');
      return item;
    };
    const all = async (): Promise<void> => {
      for await (const result of ahead([1, 2, 3, 4, 5], 3, make)) seen.push(result);
    };
    await expect(all()).rejects.toThrow('two');
    expect(seen).toEqual([1]);
    expect(running).toBe(0);
  });
});
