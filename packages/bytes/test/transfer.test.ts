import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  type ByteSink,
  type ByteSource,
  blocks,
  digest,
  expecting,
  fromBytes,
  webPlatform as platform,
  toBytes,
  transfer,
} from '../src/index.ts';
import { numbered, watched } from './support.ts';

const long = numbered(BLOCK * 2 + 17);
const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('transfer', () => {
  it('appends sources in order and gives the digests that were asked for', async () => {
    const sink = toBytes();
    const parts = [long, new Uint8Array(0), numbered(5)];
    const found = await transfer(parts.map(fromBytes), sink, { platform, crc32: true, sha256: true });
    await sink.close();
    expect(Buffer.concat(parts).equals(sink.bytes())).toBe(true);
    expect(found).toEqual(parts.map((part) => ({ crc32: crc32(part), sha256: sum(part) })));
    expect(await transfer([fromBytes(long)], toBytes(), { platform })).toEqual([{}]);
  });

  it('moves in blocks: the reader’s, or the size that the source likes', async () => {
    const plain = watched(fromBytes(long));
    await transfer([plain], toBytes(), { platform });
    expect(plain.reads).toEqual([
      [0, BLOCK],
      [BLOCK, BLOCK],
      [2 * BLOCK, 17],
    ]);
    const picky = watched({ ...fromBytes(numbered(10)), block: 4 });
    await transfer([picky], toBytes(), { platform });
    expect(picky.reads).toEqual([
      [0, 4],
      [4, 4],
      [8, 2],
    ]);
  });

  it('tells how far it is', async () => {
    const steps: number[] = [];
    await transfer([fromBytes(long)], toBytes(), { platform, progress: (bytes) => steps.push(bytes) });
    expect(steps).toEqual([BLOCK, BLOCK, 17]);
  });

  it('leaves the work to a sink that knows better', async () => {
    const seen: (readonly ByteSource[])[] = [];
    const sink: ByteSink = {
      ...toBytes(),
      transfer: async (sources) => {
        seen.push(sources);
        return [{ crc32: 1 }];
      },
    };
    const sources = [fromBytes(long)];
    expect(await transfer(sources, sink, { platform })).toEqual([{ crc32: 1 }]);
    expect(seen).toEqual([sources]);
  });

  it('stops between blocks when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const source = watched(fromBytes(long));
    const copying = transfer([source], toBytes(), {
      platform,
      signal: controller.signal,
      progress: () => controller.abort(reason),
    });
    await expect(copying).rejects.toBe(reason);
    expect(source.reads).toHaveLength(1);
  });

  it('gives the error of a sink untouched', async () => {
    const full = new Error('full');
    const sink = { ...toBytes(), write: () => Promise.reject(full) };
    await expect(transfer([fromBytes(long)], sink, { platform })).rejects.toBe(full);
  });
});

describe('expectations', () => {
  const right = { crc32: crc32(long), sha256: sum(long) };

  it('are compared even where nobody asked for a digest', async () => {
    const good = expecting(fromBytes(long), { ...right, path: 'w' });
    expect(await digest([good], { platform })).toEqual([right]);
    for (const wrong of [{ crc32: 1 }, { sha256: 'f'.repeat(64) }]) {
      const bad = expecting(good, wrong);
      await expect(digest([bad], { platform })).rejects.toMatchObject({ code: 'malformed', path: 'w' });
      await expect(transfer([bad], toBytes(), { platform })).rejects.toMatchObject({
        code: 'malformed',
        path: 'w',
      });
    }
  });

  it('are told one by one where someone listens, and the work goes on', async () => {
    const bad = expecting(fromBytes(long), { crc32: 1 });
    const good = expecting(fromBytes(long), right);
    const damaged: ByteSource[] = [];
    const found = await digest([bad, good, bad], { platform, damaged: (source) => damaged.push(source) });
    expect(damaged).toEqual([bad, bad]);
    expect(found).toHaveLength(3);
  });

  it('are compared for empty sources too', async () => {
    const empty = expecting(fromBytes(new Uint8Array(0)), { crc32: 0, sha256: sum(new Uint8Array(0)) });
    expect(await digest([empty], { platform })).toHaveLength(1);
    await expect(digest([expecting(empty, { crc32: 5 })], { platform })).rejects.toMatchObject({
      code: 'malformed',
    });
  });
});

it('digest leaves the work to a platform with threads', async () => {
  const threads = { ...platform, digest: async () => [{ sha256: 'x' }] };
  expect(await digest([fromBytes(long)], { platform: threads })).toEqual([{ sha256: 'x' }]);
});

it('blocks gives nothing for an empty source', async () => {
  for await (const block of blocks(fromBytes(new Uint8Array(0))))
    expect.unreachable(`a block of ${block.length}`);
  expect.assertions(0);
});
