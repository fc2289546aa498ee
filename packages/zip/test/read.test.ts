import { readdirSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { type ByteSource, digest, expecting, fromBytes, isTorshError } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { checkCanonical } from '../src/index.ts';
import { contentOf, open, platform, utf8, zipOf } from './support.ts';

const attacks = new URL('../../../fixtures/attacks/', import.meta.url);
/** Node before 24 has a `DecompressionStream` that ignores what follows the stream; @torsh/node has its own. */
const needsNode = ['deflate-then-junk.malformed.zip'];

describe('fixtures/attacks, on the platform of the web', () => {
  const files = readdirSync(attacks).filter((name) => name.endsWith('.zip') && !needsNode.includes(name));
  it('are many', () => expect(files.length).toBeGreaterThan(60));
  it.each(files)('%s', async (file) => {
    const code = file.split('.').at(-2);
    const reading = (async () => {
      const zip = await open(new Uint8Array(readFileSync(new URL(file, attacks))));
      for (const entry of zip.entries.values()) await digest([zip.source(entry)], { platform });
    })();
    await expect(reading).rejects.toSatisfy((error) => isTorshError(error) && error.code === code);
  });
});

it('reads the directory only, until someone asks', async () => {
  const bytes = await zipOf([
    ['large', new Uint8Array(300_000)],
    ['small', utf8('x')],
  ]);
  const reads: [number, number][] = [];
  const source = fromBytes(bytes);
  const zip = await open({
    size: source.size,
    read: (offset, length) => {
      reads.push([offset, length]);
      return source.read(offset, length);
    },
  });
  expect(reads.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(70_000);
  const before = reads.length;
  await (await zip.open('small'))!.read(0, 1);
  expect(reads.length).toBe(before + 2); // its header, its byte
});

describe('the check sum of an entry', () => {
  async function damaged(): Promise<ByteSource> {
    const bytes = await zipOf([['a', utf8('0123456789')]]);
    bytes[33]! ^= 1; // "2"
    return (await open(bytes)).source((await open(bytes)).entries.get('a')!);
  }

  it('is compared by who reads all of it', async () => {
    const source = await damaged();
    await expect(source.read(0, 10)).rejects.toMatchObject({ code: 'malformed', path: 'a' });
    await expect(digest([source], { platform })).rejects.toMatchObject({ code: 'malformed', path: 'a' });
    await expect(digest([expecting(source, { path: 'renamed' })], { platform })).rejects.toMatchObject({
      code: 'malformed',
    });
  });

  it('cannot be compared by who reads a part', async () => {
    expect(await (await damaged()).read(5, 5)).toEqual(utf8('56789'));
  });
});

describe('a deflated entry', () => {
  const text = utf8(Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join(''));
  const source = { ...fromBytes(text), deflated: fromBytes(new Uint8Array(deflateRawSync(text))) };

  it('can be read anywhere, backwards and by many at once', async () => {
    const entry = (await (await open(await zipOf([['a', source]]))).open('a'))!;
    for (const [offset, length] of [
      [0, 10],
      [1000, 70],
      [500, 20],
      [text.length - 3, 3],
      [0, 0],
      [20_000, 28_000],
    ] as const) {
      expect(await entry.read(offset, length)).toEqual(text.subarray(offset, offset + length));
    }
    const reads = await Promise.all(Array.from({ length: 20 }, (_, index) => entry.read(index * 900, 900)));
    for (const [index, read] of reads.entries())
      expect(read).toEqual(text.subarray(index * 900, index * 900 + 900));
    await expect(entry.read(text.length, 1)).rejects.toMatchObject({ code: 'truncated' });
  });

  it('can be read after a read that was aborted', async () => {
    const entry = (await (await open(await zipOf([['a', source]]))).open('a'))!;
    const reason = { enough: true };
    await expect(entry.read(0, 5, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await entry.read(0, 5)).toEqual(text.subarray(0, 5));
  });

  it('may grow as far as the limits allow', async () => {
    const zip = await zipOf([['a', source]]);
    await expect(
      open(zip, 'strict', { inflatedBytes: text.length - 1 }).then((tree) => tree.open('a')),
    ).rejects.toMatchObject({
      code: 'limit',
      path: 'a',
    });
    await expect(
      open(zip, 'strict', { inflateRatio: 1 }).then((tree) => tree.open('a')),
    ).rejects.toMatchObject({ code: 'limit' });
  });
});

it('is cut off at every byte: always an error of ours', async () => {
  const bytes = await zipOf([
    ['a', utf8('x')],
    ['b', utf8('y'), 0],
  ]);
  for (let length = 0; length < bytes.length; length++) {
    await expect(open(bytes.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({
      code: 'truncated',
    });
  }
});

describe('checkCanonical', () => {
  const alignAt = (path: string) => (path === 'b' ? 0 : undefined);

  it('finds every flipped bit outside of the files', async () => {
    const good = await zipOf([
      ['a', utf8('x')],
      ['b', utf8('y'), 0],
    ]);
    await expect(checkCanonical(fromBytes(good), await open(good), alignAt)).resolves.toBeUndefined();
    const zip = await open(good);
    const files = await Promise.all(
      [...zip.entries.values()].map(async (entry) => (await zip.source(entry).locate!()).offset),
    );
    const missed: number[] = [];
    for (let at = 0; at < good.length; at++) {
      if (files.includes(at)) continue;
      for (const mask of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const bad = good.slice();
        bad[at]! ^= mask;
        const check = async () => checkCanonical(fromBytes(bad), await open(bad), alignAt);
        const error = await check().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (!isTorshError(error)) missed.push(at);
      }
    }
    expect(missed).toEqual([]);
  });

  it('tells the byte that differs', async () => {
    const bytes = await zipOf([['a', utf8('x')]]);
    bytes[10] = 7; // the time in the local header
    const zip = await open(bytes);
    await expect(checkCanonical(fromBytes(bytes), zip, () => undefined)).rejects.toMatchObject({
      code: 'malformed',
      path: 'a',
      offset: 10,
    });
    expect(await contentOf(zip, 'a')).toEqual(utf8('x'));
  });
});
