import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TorshError, webPlatform } from '../src/index.ts';
import { numbered } from './support.ts';

const text = new TextEncoder().encode('the same words again and again; '.repeat(3000));
const packed = new Uint8Array(deflateRawSync(text));

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function inflated(compressed: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of webPlatform.inflate(compressed)) parts.push(part.slice());
  return new Uint8Array(Buffer.concat(parts));
}

describe('inflate', () => {
  it.each([1, 7, 1000, 1e6])('undoes deflate, %i bytes at a time', async (size) => {
    expect(await inflated(chunks(packed, size))).toEqual(text);
  });

  it('undoes stored and empty streams', async () => {
    const random = numbered(70_000);
    expect(await inflated(chunks(new Uint8Array(deflateRawSync(random, { level: 0 })), 4096))).toEqual(
      random,
    );
    expect(await inflated(chunks(Uint8Array.of(0x03, 0x00), 1))).toEqual(new Uint8Array(0));
  });

  it('ends with malformed where the stream is cut, at any byte', async () => {
    const short = new Uint8Array(deflateRawSync(numbered(60)));
    for (let length = 0; length < short.length; length++) {
      await expect(inflated(chunks(short.subarray(0, length), 16))).rejects.toMatchObject({
        code: 'malformed',
      });
    }
  });

  it('ends with malformed where the data is not deflate', async () => {
    await expect(inflated(chunks(Uint8Array.of(0xff, 0xff, 0xff, 0xff), 2))).rejects.toBeInstanceOf(
      TorshError,
    );
  });

  it('never hands over more than the stream, whatever follows it', async () => {
    // The standard wants an error here. Node before 24 ignores what follows; its own platform, in @torsh/node, does not.
    const junk = new Uint8Array([...packed, ...numbered(50)]);
    const found = await inflated(chunks(junk, 1000)).catch((error: unknown) => error);
    if (found instanceof Error) expect(found).toMatchObject({ code: 'malformed' });
    else expect(found).toEqual(text);
  });

  it('gives the error of its source untouched, and does not wait for ever', async () => {
    const reason = { aborted: true };
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield packed.subarray(0, 20);
      throw reason;
    }
    await expect(inflated(broken())).rejects.toBe(reason);
    const error = new TorshError('io', 'gone');
    // biome-ignore lint/correctness/useYield: a source that fails at once
    async function* gone(): AsyncGenerator<Uint8Array> {
      throw error;
    }
    await expect(inflated(gone())).rejects.toBe(error);
  });

  it('stops its source when nobody wants more', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield packed;
      } finally {
        ended = true;
      }
    }
    for await (const part of webPlatform.inflate(endless())) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(ended).toBe(true);
  });
});

describe('deflate', () => {
  it.each([7, 1000, 1e6])('makes what inflate undoes, %i bytes at a time', async (size) => {
    expect(await inflated(webPlatform.deflate(chunks(text, size)))).toEqual(text);
  });

  it('passes on the error of what is deflated', async () => {
    const error = new Error('gone');
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw error;
    };
    await expect(inflated(webPlatform.deflate(failing()))).rejects.toBe(error);
  });
});
